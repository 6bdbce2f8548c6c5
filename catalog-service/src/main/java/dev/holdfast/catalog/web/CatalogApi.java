package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Exposure;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Period;
import dev.holdfast.catalog.answers.Planner;
import dev.holdfast.catalog.answers.Recoverability;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Slot;
import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
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

/** What the catalog knows of stanzas, backups, requests, restore tests and slots. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class CatalogApi {

    static final String DEFAULT_LIMIT = "50";

    static final List<String> TYPES = List.of("FULL", "DIFF", "INCR");
    static final List<String> OUTCOMES =
            List.of("COMPLETE", "COMPLETE_WITH_ERRORS", "FAILED", "EXPIRED", "VANISHED", "RUNNING", Request.QUEUED);
    static final List<String> STATES = List.of(
            Request.QUEUED,
            "REQUESTED",
            "RUNNING",
            "COMPLETED",
            "FAILED",
            "REJECTED",
            "UNSERVED",
            "CANCELLED",
            "LOST",
            "PROVEN",
            "DISPROVEN",
            "INCONCLUSIVE");
    static final List<String> VERDICTS = List.of("PASSED", "FAILED", "EXPIRED", "INCONCLUSIVE");
    static final List<String> SLOT_OUTCOMES = List.of(
            "REQUESTED", "SKIPPED_OVERLAP", "SKIPPED_BLACKOUT", "SKIPPED_PAUSED", "SUPERSEDED", "MISSED", "CAUGHT_UP");

    private final Catalog catalog;
    private final Asked asked;

    CatalogApi(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.asked = new Asked(catalog, clock);
    }

    /**
     * Stanzas by name.
     *
     * @param withoutValidBackupFor a length such as PT24H: only stanzas that have no valid backup which ended since then
     */
    @GetMapping("/stanzas")
    Page<Stanza> stanzas(
            @RequestParam(required = false) @Nullable String withoutValidBackupFor,
            @RequestParam(defaultValue = "500") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Instant asOf) {
        PageWish page = new PageWish(limit, Names.text("cursor", cursor));
        if (withoutValidBackupFor == null) {
            return asked(asOf, null, then -> then.stanzas(page));
        }
        Instant since = clockOf(asOf).instant().minus(Names.length("withoutValidBackupFor", withoutValidBackupFor));
        return asked(asOf, null, then -> then.stanzasWithoutValidBackup(since, page));
    }

    /** One stanza: its last backup and proof, its window, its objectives. */
    @GetMapping("/stanzas/{stanza}")
    Answer<Stanza> stanza(@PathVariable String stanza, @RequestParam(required = false) @Nullable Instant asOf) {
        return found(stanza, asOf);
    }

    /** The instants that the stanza can be restored to. */
    @GetMapping("/stanzas/{stanza}/window")
    Page<Stanza.Span> window(@PathVariable String stanza, @RequestParam(required = false) @Nullable Instant asOf) {
        Answer<Stanza> answer = found(stanza, asOf);
        return new Page<>(answer.item().window(), null, answer.asOf());
    }

    /** Whether it can be restored to an instant; to now, where none is given. */
    @GetMapping("/stanzas/{stanza}/recoverability")
    Answer<Recoverability> recoverability(
            @PathVariable String stanza,
            @RequestParam(required = false) @Nullable Instant at,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        Clock now = clockOf(asOf);
        return asked(asOf, name, then -> new Planner(then, now).recoverability(name, at == null ? now.instant() : at))
                .orElseThrow(() -> unknown(stanza));
    }

    /** What would be lost if the primary vanished now. */
    @GetMapping("/exposure/{stanza}")
    Answer<Exposure> exposure(@PathVariable String stanza, @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        return asked(asOf, name, then -> new Planner(then, clockOf(asOf)).exposure(name))
                .orElseThrow(() -> unknown(stanza));
    }

    private Answer<Stanza> found(String stanza, @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        return asked(asOf, name, then -> then.stanza(name)).orElseThrow(() -> unknown(stanza));
    }

    private <T> T asked(@Nullable Instant asOf, @Nullable String stanza, Function<Catalog, T> question) {
        return asked.of(asOf, stanza, question);
    }

    private Clock clockOf(@Nullable Instant asOf) {
        return asked.clockOf(asOf);
    }

    static NotFoundException unknown(String stanza) {
        return new NotFoundException("no policy, service or fact names the stanza '%s'".formatted(stanza));
    }

    /** Backups, newest first, each with its proof. */
    @GetMapping("/backups")
    Page<Backup> backups(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable Boolean proven,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String requestedBy,
            @RequestParam(defaultValue = DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Instant asOf) {
        BackupFilter filter = new BackupFilter(
                Names.stanzaOrAll(stanza),
                Names.word("type", type, TYPES),
                Names.word("outcome", outcome, OUTCOMES),
                proven,
                from,
                to,
                Names.text("requestedBy", requestedBy));
        PageWish page = new PageWish(limit, cursor);
        return asked(asOf, filter.stanza(), then -> then.backups(filter, page));
    }

    /** Everything about one backup. */
    @GetMapping("/backups/{stanza}/{label}")
    Answer<Backup> backup(
            @PathVariable String stanza,
            @PathVariable String label,
            @RequestParam(required = false) @Nullable Integer repository,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        String set = Names.label(label);
        List<Answer<Backup>> sets = asked(asOf, name, then -> then.backup(name, set)).stream()
                .filter(one ->
                        repository == null || repository.equals(one.item().repository()))
                .toList();
        if (sets.isEmpty()) {
            throw new NotFoundException("no backup %s of stanza %s is known%s"
                    .formatted(label, stanza, repository == null ? "" : " in repository " + repository));
        }
        if (sets.size() > 1) {
            throw new BadQuestionException("backup %s of stanza %s lies in repositories %s; say which with repository="
                    .formatted(
                            label,
                            stanza,
                            sets.stream().map(one -> one.item().repository()).toList()));
        }
        return sets.getFirst();
    }

    /** Requests, newest first. */
    @GetMapping("/requests")
    Page<Request> requests(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("state", state, STATES);
        PageWish page = new PageWish(limit, cursor);
        Period asked = new Period(from, to);
        return asked(asOf, name, then -> then.requests(name, word, asked, page));
    }

    /** One request with its whole story. */
    @GetMapping("/requests/{requestId}")
    Answer<Request> request(@PathVariable UUID requestId, @RequestParam(required = false) @Nullable Instant asOf) {
        String stanza = asOf == null
                ? null
                : catalog.request(requestId).map(now -> now.item().stanza()).orElse(null);
        return asked(asOf, stanza, then -> then.request(requestId))
                .orElseThrow(() -> new NotFoundException(
                        "nothing is known of a request %s; if it was made just now, ask again".formatted(requestId)));
    }

    /** Restore tests, newest first. */
    @GetMapping("/restore-tests")
    Page<RestoreTest> restoreTests(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable String verdict,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        String set = Names.labelOrAll(label);
        String word = Names.word("verdict", verdict, VERDICTS);
        PageWish page = new PageWish(limit, cursor);
        Period asked = new Period(from, to);
        return asked(asOf, name, then -> then.restoreTests(name, set, word, asked, page));
    }

    /** One restore test: verdict, checks, times, isolation. */
    @GetMapping("/restore-tests/{testId}")
    Answer<RestoreTest> restoreTest(@PathVariable UUID testId, @RequestParam(required = false) @Nullable Instant asOf) {
        String stanza = asOf == null
                ? null
                : catalog.restoreTest(testId).map(now -> now.item().stanza()).orElse(null);
        return asked(asOf, stanza, then -> then.restoreTest(testId))
                .orElseThrow(() -> new NotFoundException(
                        "nothing is known of a restore test %s; if it was made just now, ask again".formatted(testId)));
    }

    /** The signed evidence of a restore test, as it was published. */
    @GetMapping(path = "/restore-tests/{testId}/evidence", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> evidence(@PathVariable UUID testId) {
        String envelope = catalog.evidence(testId)
                .orElseThrow(() -> new NotFoundException("restore test %s has no evidence (yet)".formatted(testId)));
        ContentDisposition file = ContentDisposition.attachment()
                .filename("evidence-" + testId + ".dsse.json")
                .build();
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, file.toString())
                .body(envelope);
    }

    /** Slots, the latest first, each with its one outcome. */
    @GetMapping("/slots")
    Page<Slot> slots(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("outcome", outcome, SLOT_OUTCOMES);
        PageWish page = new PageWish(limit, cursor);
        return asked(asOf, name, then -> then.slots(name, word, from, to, page));
    }
}
