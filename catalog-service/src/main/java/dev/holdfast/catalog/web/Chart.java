package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Stanza;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measured values over time as bars; the table below says the same in words.
 *
 * @param name its place on the page
 * @param title what was measured
 * @param summary what came of it, in words
 * @param bars one for each value
 * @param top the value at the upper edge, in words
 * @param limit what is promised; null if nothing is
 * @param ticks what is written below
 * @param rows the same as a table, the newest first
 */
record Chart(
        String name,
        String title,
        String summary,
        List<Bar> bars,
        String top,
        @Nullable Limit limit,
        List<Axis.Tick> ticks,
        List<Row> rows) {

    /** In units of the picture. */
    static final double HEIGHT = 120;

    private static final double HEADROOM = 1.1;

    /**
     * One value.
     *
     * @param x where, percent
     * @param y upper edge, in units
     * @param height in units
     * @param tone a class of the style sheet
     * @param title what it is
     */
    record Bar(double x, double y, double height, String tone, String title) {}

    /**
     * What is promised.
     *
     * @param y where, in units
     * @param text what
     */
    record Limit(double y, String text) {}

    /**
     * One value in words.
     *
     * @param at when
     * @param value what was measured
     * @param href the page that tells more
     * @param what what the page is about
     */
    record Row(Instant at, String value, String href, String what) {}

    /** One value before it is drawn. */
    private record Measure(Instant at, double value, String tone, String href, String what) {}

    /** How values read. */
    @FunctionalInterface
    private interface Reading {
        String of(double value);
    }

    /** From a test's begin until queries were taken; empty if no restore was measured in this time. */
    static Optional<Chart> restoreTime(Axis axis, Stanza stanza, List<RestoreTest> tests, Words words) {
        List<Measure> measures = new ArrayList<>();
        for (RestoreTest test : tests) {
            Instant end = test.timings().finishedAt();
            Double ready = test.timings().readySeconds();
            if ("PASSED".equals(test.verdict()) && end != null && ready != null && axis.holds(end)) {
                measures.add(new Measure(
                        end,
                        ready,
                        words.tone(test.verdict()),
                        "/restore-tests/" + test.testId(),
                        String.valueOf(test.label())));
            }
        }
        Optional<Stanza.Objective> promise = stanza.objectives().stream()
                .filter(objective -> objective.name().equals("rto"))
                .findFirst();
        return of(
                "restore-time",
                "How long a restore takes",
                axis,
                measures,
                promise.map(rto -> (double) rto.limit().toSeconds()).orElse(null),
                "RTO",
                seconds -> words.duration(Duration.ofSeconds(Math.round(seconds))),
                words);
    }

    /** Of the cluster, at each backup. */
    static Optional<Chart> databaseSize(Axis axis, List<Backup> backups, Words words) {
        return ofBackups(
                "database-size",
                "Size of the database",
                axis,
                backups,
                backup -> backup.sizes().databaseBytes(),
                words);
    }

    /** What each backup added to the repository. */
    static Optional<Chart> addedToRepository(Axis axis, List<Backup> backups, Words words) {
        return ofBackups(
                "added",
                "What each backup added to the repository",
                axis,
                backups,
                backup -> backup.sizes().repositoryDeltaBytes(),
                words);
    }

    /** Reads one number of a backup. */
    @FunctionalInterface
    private interface Bytes {
        @Nullable
        Long of(Backup backup);
    }

    private static Optional<Chart> ofBackups(
            String name, String title, Axis axis, List<Backup> backups, Bytes bytes, Words words) {
        List<Measure> measures = new ArrayList<>();
        for (Backup backup : backups) {
            Long value = bytes.of(backup);
            Instant end = backup.finishedAt();
            if (value != null && end != null && backup.label() != null && axis.holds(end)) {
                measures.add(new Measure(
                        end,
                        value,
                        "FULL".equals(backup.type()) ? "fine" : "plain",
                        "/backups/%s/%s".formatted(backup.stanza(), backup.label()),
                        words.plain(backup.type()) + " " + backup.label()));
            }
        }
        return of(name, title, axis, measures, null, "", value -> words.bytes(Math.round(value)), words);
    }

    private static Optional<Chart> of(
            String name,
            String title,
            Axis axis,
            List<Measure> measures,
            @Nullable Double limit,
            String promise,
            Reading reading,
            Words words) {
        if (measures.isEmpty()) {
            return Optional.empty();
        }
        List<Measure> ordered =
                measures.stream().sorted(Comparator.comparing(Measure::at)).toList();
        double highest = ordered.stream().mapToDouble(Measure::value).max().orElse(1);
        double top = HEADROOM * Math.max(1, limit == null ? highest : Math.max(highest, limit));
        return Optional.of(new Chart(
                name,
                title,
                summary(ordered, reading),
                ordered.stream()
                        .map(one -> new Bar(
                                axis.x(one.at()),
                                HEIGHT - HEIGHT * one.value() / top,
                                HEIGHT * one.value() / top,
                                one.tone(),
                                "%s: %s, %s".formatted(one.what(), reading.of(one.value()), words.instant(one.at()))))
                        .toList(),
                reading.of(top),
                limit == null
                        ? null
                        : new Limit(HEIGHT - HEIGHT * limit / top, promise + ": at most " + reading.of(limit)),
                axis.ticks(words),
                ordered.reversed().stream()
                        .map(one -> new Row(one.at(), reading.of(one.value()), one.href(), one.what()))
                        .toList()));
    }

    private static String summary(List<Measure> ordered, Reading reading) {
        String last = reading.of(ordered.getLast().value());
        if (ordered.size() == 1) {
            return "once, %s".formatted(last);
        }
        double[] values = ordered.stream().mapToDouble(Measure::value).sorted().toArray();
        return "%d times: last %s, half at most %s, the most %s"
                .formatted(
                        ordered.size(),
                        last,
                        reading.of(values[(values.length - 1) / 2]),
                        reading.of(values[values.length - 1]));
    }
}
