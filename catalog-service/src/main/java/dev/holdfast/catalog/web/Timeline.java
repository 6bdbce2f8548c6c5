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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stanza can be restored to, drawn on one axis of time that is {@value #WIDTH} units wide.
 *
 * @param from the axis' begin
 * @param to its end
 * @param windows stretches to any instant of which the stanza can be restored
 * @param holes stretches between them
 * @param backups sets and runs
 * @param proofs restore tests that came to a verdict
 * @param steps parts of equal length, each a question
 * @param ticks what is written below the axis, instants at equal distances
 */
record Timeline(
        Instant from,
        Instant to,
        List<Bar> windows,
        List<Bar> holes,
        List<Bar> backups,
        List<Bar> proofs,
        List<Step> steps,
        List<String> ticks) {

    static final double WIDTH = 1000;

    private static final Duration LONGEST = Duration.ofDays(35);
    private static final double THINNEST = 3;
    private static final double MARK = 6;
    private static final int STEPS = 70;
    private static final int TICKS = 4;

    /**
     * Something on the axis.
     *
     * @param x where it begins
     * @param width how wide it is
     * @param tone a class of the style sheet
     * @param title what it is
     */
    record Bar(double x, double width, String tone, String title) {}

    /**
     * A part of the axis.
     *
     * @param x where it begins
     * @param width how wide it is
     * @param at the instant in its middle
     */
    record Step(double x, double width, Instant at) {}

    /** Draws it; empty where there is nothing to draw. */
    static Optional<Timeline> of(
            Stanza stanza, List<Backup> backups, List<RestoreTest> tests, Instant now, Words words) {
        Optional<Instant> first = Stream.concat(
                        stanza.window().stream().map(Stanza.Span::from),
                        backups.stream().map(Backup::startedAt))
                .filter(instant -> instant != null && instant.isBefore(now))
                .min(Comparator.naturalOrder());
        return first.map(earliest -> {
            Instant longest = now.minus(LONGEST);
            Axis axis = new Axis(earliest.isBefore(longest) ? longest : earliest, now);
            return axis.draw(stanza, backups, tests, words);
        });
    }

    /** From instants to units. */
    private record Axis(Instant from, Instant to) {

        Timeline draw(Stanza stanza, List<Backup> backups, List<RestoreTest> tests, Words words) {
            List<Stanza.Span> spans = stanza.window().stream()
                    .sorted(Comparator.comparing(Stanza.Span::from))
                    .toList();
            return new Timeline(
                    from,
                    to,
                    spans.stream()
                            .flatMap(span -> bar(span.from(), span.to(), "good", "Recoverable", words))
                            .toList(),
                    holes(spans, words),
                    backups.stream().flatMap(backup -> mark(backup, words)).toList(),
                    tests.stream().flatMap(test -> mark(test, words)).toList(),
                    steps(),
                    ticks(words));
        }

        private List<Bar> holes(List<Stanza.Span> spans, Words words) {
            List<Bar> holes = new ArrayList<>();
            for (int i = 1; i < spans.size(); i++) {
                Instant torn = spans.get(i - 1).to();
                Instant whole = spans.get(i).from();
                if (torn.isBefore(whole)) {
                    bar(torn, whole, "bad", "Not recoverable", words).forEach(holes::add);
                }
            }
            return holes;
        }

        private Stream<Bar> bar(Instant begin, Instant end, String tone, String what, Words words) {
            if (end.isBefore(from)) {
                return Stream.empty();
            }
            double x = x(begin);
            String title = "%s: %s to %s".formatted(what, words.instant(begin), words.instant(end));
            return Stream.of(new Bar(x, Math.max(THINNEST, x(end) - x), tone, title));
        }

        private Stream<Bar> mark(Backup backup, Words words) {
            String proof = backup.proof() == null ? null : backup.proof().verdict();
            boolean isThere = backup.goneAt() == null;
            String tone = proof == null || !isThere ? words.tone(backup.status()) : words.tone(proof);
            String title = "%s backup %s, %s%s"
                    .formatted(
                            words.plain(backup.type()),
                            backup.label() == null ? "" : backup.label(),
                            words.plain(backup.status()),
                            proof == null ? "" : ", restore test " + words.plain(proof));
            return mark(backup.startedAt(), "FULL".equals(backup.type()) ? tone + " full" : tone, title, words);
        }

        private Stream<Bar> mark(RestoreTest test, Words words) {
            return test.verdict() == null
                    ? Stream.empty()
                    : mark(
                            test.timings().finishedAt(),
                            words.tone(test.verdict()),
                            "Restore test of %s: %s, %s"
                                    .formatted(test.label(), words.plain(test.verdict()), words.plain(test.rung())),
                            words);
        }

        private Stream<Bar> mark(@Nullable Instant at, String tone, String what, Words words) {
            if (at == null || at.isBefore(from) || at.isAfter(to)) {
                return Stream.empty();
            }
            double x = Math.min(x(at), WIDTH - MARK);
            return Stream.of(new Bar(x, MARK, tone, "%s, %s".formatted(what, words.instant(at))));
        }

        private List<Step> steps() {
            double width = WIDTH / STEPS;
            return IntStream.range(0, STEPS)
                    .mapToObj(i -> new Step(i * width, width, at((i + 0.5) / STEPS)))
                    .toList();
        }

        private List<String> ticks(Words words) {
            Stream<Instant> instants = IntStream.rangeClosed(0, TICKS).mapToObj(i -> at((double) i / TICKS));
            boolean minutesApart = Duration.between(from, to).compareTo(Duration.ofMinutes(TICKS)) >= 0;
            return instants.map(minutesApart ? words::shortInstant : words::second)
                    .toList();
        }

        /** To the second, which is what people ask in. */
        private Instant at(double share) {
            return Instant.ofEpochSecond(
                    from.getEpochSecond() + Math.round(share * (to.getEpochSecond() - from.getEpochSecond())));
        }

        private double x(Instant instant) {
            double length = Math.max(1, Duration.between(from, to).toMillis());
            double x = WIDTH * Duration.between(from, instant).toMillis() / length;
            return Math.clamp(x, 0, WIDTH);
        }
    }
}
