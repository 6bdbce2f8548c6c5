package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.Audit;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Expiry;
import dev.holdfast.catalog.answers.ExpiryForecast;
import dev.holdfast.catalog.answers.Missing;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.RestorePoint;
import dev.holdfast.catalog.answers.SlotDay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the record as a whole says: what is missing, what happened in a period, what goes next. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class RecordApi {

    static final int RESTORE_POINTS = 500;

    private static final Duration LONGEST_AUDIT = Duration.ofDays(3_700);
    private static final Duration MONTH = Duration.ofDays(31);

    private final Asked asked;

    RecordApi(Catalog catalog, Clock clock) {
        this.asked = new Asked(catalog, clock);
    }

    /** Whether anything has gone missing: backups, WAL, requests, evidence, records. */
    @GetMapping("/missing")
    Answer<Missing> missing(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        return asked.of(asOf, name, then -> then.missing(name));
    }

    /**
     * What happened in a period: population, sample, failures and remedies.
     *
     * @param from the period's begin; a month before its end, where none is given
     * @param to its end, which does not belong to it; now, where none is given
     */
    @GetMapping("/audit")
    Answer<Audit> audit(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        Instant end = to == null ? asked.clockOf(asOf).instant() : to;
        Instant begin = from == null ? end.minus(MONTH) : from;
        refuseBadPeriod(begin, end);
        return asked.of(asOf, name, then -> then.audit(name, begin, end));
    }

    static void refuseBadPeriod(Instant from, Instant to) {
        if (!to.isAfter(from) || Duration.between(from, to).compareTo(LONGEST_AUDIT) > 0) {
            throw new BadQuestionException(
                    "from is %s and to is %s; expected to after from, and at most ten years between them"
                            .formatted(from, to));
        }
    }

    /** What retention removes next. */
    @GetMapping("/stanzas/{stanza}/expiry")
    Answer<Expiry> expiry(@PathVariable String stanza, @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        return asked.of(asOf, name, then -> new ExpiryForecast(then).of(name))
                .orElseThrow(() -> CatalogApi.unknown(stanza));
    }

    /** Named places in the WAL, the newest first. */
    @GetMapping("/stanzas/{stanza}/restore-points")
    Page<RestorePoint> restorePoints(
            @PathVariable String stanza, @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanza(stanza);
        return asked.of(asOf, name, then -> {
            Answer<?> known = then.stanza(name).orElseThrow(() -> CatalogApi.unknown(stanza));
            List<RestorePoint> points = then.restorePoints(name, RESTORE_POINTS);
            return new Page<>(points, null, known.asOf());
        });
    }

    /** Slots counted by day, UTC; of the last month, where no period is given. */
    @GetMapping("/slots/days")
    Page<SlotDay> slotDays(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable Instant asOf) {
        String name = Names.stanzaOrAll(stanza);
        Instant end = to == null ? asked.clockOf(asOf).instant() : to;
        Instant begin = from == null ? end.minus(MONTH) : from;
        refuseBadPeriod(begin, end);
        return asked.of(asOf, name, then -> then.slotDays(name, begin, end));
    }
}
