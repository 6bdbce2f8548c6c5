package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Period;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole lists as files, for those who take the record elsewhere: page after page, so that no length is too much. */
@RestController
@RequestMapping("/api/v1/exports")
class Exports {

    private static final List<String> FORMATS = List.of("CSV", "JSONL");
    private static final List<String> LISTS = List.of("backups", "requests", "restore-tests", "slots", "events");
    private static final int AT_ONCE = 4;

    private final Catalog catalog;
    private final JsonMapper json;
    private final Semaphore running = new Semaphore(AT_ONCE);

    Exports(Catalog catalog, JsonMapper json) {
        this.catalog = catalog;
        this.json = json;
    }

    /** A list, one page at a time. */
    @FunctionalInterface
    private interface Listed {
        Page<?> page(PageWish wish);
    }

    /**
     * One list as a file. Backups count by their begin, slots by their instant, requests, restore tests and events by their record's timestamp.
     *
     * @param list backups, requests, restore-tests, slots or events
     * @param format csv, with the columns that matter, or jsonl: one object a line, whole
     * @param from the period's begin, which belongs to it
     * @param to its end, which does not
     */
    @GetMapping(
            path = "/{list}",
            produces = {CsvLines.TYPE, "application/jsonl"})
    ResponseEntity<StreamingResponseBody> export(
            @PathVariable String list,
            @RequestParam(defaultValue = "csv") String format,
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        boolean csv = "CSV".equals(Names.word("format", format, FORMATS));
        String name = Names.word("list", list, LISTS);
        if (name == null) {
            throw new BadQuestionException("no list is named; expected one of " + String.join(", ", LISTS));
        }
        Listed listed = listed(name, Names.stanzaOrAll(stanza), from, to);
        if (!running.tryAcquire()) {
            throw new BusyException("%d exports are running already; try again later".formatted(AT_ONCE));
        }
        String file = "holdfast-%s.%s".formatted(name, csv ? "csv" : "jsonl");
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(csv ? CsvLines.TYPE : "application/jsonl"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString())
                .body(out -> {
                    try {
                        write(listed, csv ? CsvLines.of(name) : null, out);
                    } finally {
                        running.release();
                    }
                });
    }

    private Listed listed(String list, @Nullable String stanza, @Nullable Instant from, @Nullable Instant to) {
        return switch (list) {
            case "backups" -> {
                BackupFilter filter = new BackupFilter(stanza, null, null, null, from, to, null);
                yield wish -> catalog.backups(filter, wish);
            }
            case "slots" -> wish -> catalog.slots(stanza, null, from, to, wish);
            case "events" -> {
                EventFilter filter = new EventFilter(stanza, null, from, to);
                yield wish -> catalog.events(filter, wish);
            }
            case "requests" -> wish -> catalog.requests(stanza, null, new Period(from, to), wish);
            default -> wish -> catalog.restoreTests(stanza, null, null, new Period(from, to), wish);
        };
    }

    private void write(Listed listed, @Nullable CsvLines csv, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        if (csv != null) {
            writer.write(csv.header());
        }
        String cursor = null;
        do {
            Page<?> page = listed.page(new PageWish(PageWish.LARGEST, cursor));
            for (Object item : page.items()) {
                JsonNode row = json.valueToTree(item);
                writer.write(csv == null ? json.writeValueAsString(row) + "\n" : csv.line(row));
            }
            writer.flush();
            cursor = page.next();
        } while (cursor != null);
    }
}
