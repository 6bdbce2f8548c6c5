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
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
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
    private final Asked asked;
    private final JsonMapper json;
    private final Semaphore running = new Semaphore(AT_ONCE);

    Exports(Catalog catalog, Clock clock, JsonMapper json) {
        this.catalog = catalog;
        this.asked = new Asked(catalog, clock);
        this.json = json;
    }

    /** A list, one page at a time. */
    @FunctionalInterface
    private interface Listed {
        Page<?> page(PageWish wish);
    }

    /** What is to be in the file, of the present or of a past. */
    @FunctionalInterface
    private interface Content {
        StreamingResponseBody of(Catalog then);
    }

    /**
     * One list as a file. Backups count by their begin, slots by their instant, requests, restore tests and events by their record's timestamp.
     *
     * @param list backups, requests, restore-tests, slots or events
     * @param format csv, with the columns that matter, or jsonl: one object a line, whole
     * @param from the period's begin, which belongs to it
     * @param to its end, which does not
     * @param asOf as the log had it by then
     */
    @GetMapping(
            path = "/{list}",
            produces = {CsvLines.TYPE, "application/jsonl"})
    ResponseEntity<StreamingResponseBody> export(
            @PathVariable String list,
            @RequestParam(defaultValue = "csv") String format,
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable Instant asOf) {
        boolean csv = "CSV".equals(Names.word("format", format, FORMATS));
        String name = Names.word("list", list, LISTS);
        if (name == null) {
            throw new BadQuestionException("no list is named; expected one of " + String.join(", ", LISTS));
        }
        String of = Names.stanzaOrAll(stanza);
        CsvLines lines = csv ? CsvLines.of(name) : null;
        Content content = then -> out -> write(listed(then, name, of, from, to), lines, out);
        String file = "holdfast-%s.%s".formatted(name, csv ? "csv" : "jsonl");
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(csv ? CsvLines.TYPE : "application/jsonl"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString())
                .body(oneOfFew(() -> asOf == null ? content.of(catalog) : past(asOf, of, content)));
    }

    /** Takes a place among the exports that run, until the file has gone out. */
    private StreamingResponseBody oneOfFew(Supplier<StreamingResponseBody> made) {
        if (!running.tryAcquire()) {
            throw new BusyException("%d exports are running already; try again later".formatted(AT_ONCE));
        }
        try {
            StreamingResponseBody body = made.get();
            return out -> {
                try {
                    body.writeTo(out);
                } finally {
                    running.release();
                }
            };
        } catch (RuntimeException e) {
            running.release();
            throw e;
        }
    }

    /** A past lives in a transaction, which must not wait for a slow reader: the file is whole before its first byte goes out. */
    private StreamingResponseBody past(Instant asOf, @Nullable String stanza, Content content) {
        InputStream whole = asked.of(asOf, stanza, then -> kept(content.of(then)));
        return out -> {
            try (whole) {
                whole.transferTo(out);
            }
        };
    }

    /** Without a name it is gone once it is read, whatever happens. */
    private static InputStream kept(StreamingResponseBody content) {
        try {
            Path file = Files.createTempFile("holdfast-export", null);
            try (OutputStream out = Files.newOutputStream(file)) {
                content.writeTo(out);
                return Files.newInputStream(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the export could not be kept in " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static Listed listed(
            Catalog catalog, String list, @Nullable String stanza, @Nullable Instant from, @Nullable Instant to) {
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
