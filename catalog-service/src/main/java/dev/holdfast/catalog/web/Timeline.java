package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.RestorePoint;
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
 * What a stanza can be restored to, drawn on one axis of time: backups, the WAL that joins them, restore points and proofs. All places are percent of the
 * axis.
 *
 * @param axis the time that is shown
 * @param days how many days were asked for
 * @param windows stretches to any instant of which the stanza can be restored
 * @param holes stretches between them
 * @param backups sets and runs
 * @param points restore points
 * @param proofs restore tests that came to a verdict
 * @param steps parts of equal length, each a question
 * @param ticks what is written below the axis
 * @param asked where the instant lies that was asked about; null if none was
 */
record Timeline(
        Axis axis,
        int days,
        List<Bar> windows,
        List<Bar> holes,
        List<Mark> backups,
        List<Mark> points,
        List<Mark> proofs,
        List<Step> steps,
        List<Axis.Tick> ticks,
        @Nullable Double asked) {

    /** How many days can be asked for. */
    static final List<Integer> DAYS = List.of(1, 7, 35);

    private static final double THINNEST = 0.3;
    private static final int STEPS = 84;

    /**
     * A stretch of the axis.
     *
     * @param x where it begins
     * @param width how wide it is
     * @param tone a class of the style sheet
     * @param title what it is
     */
    record Bar(double x, double width, String tone, String title) {}

    /**
     * Something at one instant.
     *
     * @param x where
     * @param tone a class of the style sheet
     * @param title what it is
     * @param href the page that tells more; null if there is none
     */
    record Mark(
            double x, String tone, String title, @Nullable String href) {}

    /**
     * A part of the axis.
     *
     * @param x where it begins
     * @param width how wide it is
     * @param at the instant in its middle
     */
    record Step(double x, double width, Instant at) {}

    /**
     * What is drawn.
     *
     * @param stanza the stanza
     * @param backups its backups
     * @param tests its restore tests
     * @param points its restore points
     */
    record Subject(Stanza stanza, List<Backup> backups, List<RestoreTest> tests, List<RestorePoint> points) {}

    /**
     * Draws it; empty where there is nothing to draw.
     *
     * @param days how far back it reaches at most
     * @param asked the instant that was asked about; null if none was
     */
    static Optional<Timeline> of(Subject subject, int days, @Nullable Instant asked, Instant now, Words words) {
        Optional<Instant> first = Stream.concat(
                        subject.stanza().window().stream().map(Stanza.Span::from),
                        subject.backups().stream().map(Backup::startedAt))
                .filter(instant -> instant != null && instant.isBefore(now))
                .min(Comparator.naturalOrder());
        return first.map(earliest -> {
            Instant longest = now.minus(Duration.ofDays(days));
            Axis axis = new Axis(earliest.isBefore(longest) ? longest : earliest, now);
            return new Drawing(axis, words).of(subject, days, asked);
        });
    }

    /** From instants to places. */
    private record Drawing(Axis axis, Words words) {

        Timeline of(Subject subject, int days, @Nullable Instant asked) {
            List<Stanza.Span> spans = subject.stanza().window().stream()
                    .sorted(Comparator.comparing(Stanza.Span::from))
                    .toList();
            return new Timeline(
                    axis,
                    days,
                    spans.stream()
                            .flatMap(span -> bar(span.from(), span.to(), "good", "Recoverable to any instant"))
                            .toList(),
                    holes(spans),
                    subject.backups().stream().flatMap(this::mark).toList(),
                    subject.points().stream().flatMap(this::mark).toList(),
                    subject.tests().stream().flatMap(this::mark).toList(),
                    steps(),
                    axis.ticks(words),
                    asked == null || !axis.holds(asked) ? null : Double.valueOf(axis.x(asked)));
        }

        private List<Bar> holes(List<Stanza.Span> spans) {
            List<Bar> holes = new ArrayList<>();
            for (int i = 1; i < spans.size(); i++) {
                Instant torn = spans.get(i - 1).to();
                Instant whole = spans.get(i).from();
                if (torn.isBefore(whole)) {
                    bar(torn, whole, "bad", "A gap: not recoverable").forEach(holes::add);
                }
            }
            return holes;
        }

        private Stream<Bar> bar(Instant begin, Instant end, String tone, String what) {
            if (end.isBefore(axis.from())) {
                return Stream.empty();
            }
            double x = axis.x(begin);
            String title = "%s: %s to %s".formatted(what, words.instant(begin), words.instant(end));
            return Stream.of(new Bar(x, Math.max(THINNEST, axis.x(end) - x), tone, title));
        }

        private Stream<Mark> mark(Backup backup) {
            String proof = backup.proof() == null ? null : backup.proof().verdict();
            boolean isThere = backup.goneAt() == null;
            String tone = proof == null || !isThere ? words.tone(backup.status()) : words.tone(proof);
            String title = "%s backup %s, %s%s"
                    .formatted(
                            words.plain(backup.type()),
                            backup.label() == null ? "" : backup.label(),
                            words.plain(backup.status()),
                            proof == null ? "" : ", restore test " + words.plain(proof));
            String href = backup.label() == null
                    ? "/requests/" + backup.requestId()
                    : "/backups/%s/%s".formatted(backup.stanza(), backup.label());
            return mark(backup.startedAt(), "FULL".equals(backup.type()) ? tone + " full" : tone, title, href);
        }

        private Stream<Mark> mark(RestorePoint point) {
            return mark(point.createdAt(), "plain", "Restore point " + point.name(), null);
        }

        private Stream<Mark> mark(RestoreTest test) {
            return test.verdict() == null
                    ? Stream.empty()
                    : mark(
                            test.timings().finishedAt(),
                            words.tone(test.verdict()),
                            "Restore test of %s: %s, %s"
                                    .formatted(test.label(), words.plain(test.verdict()), words.plain(test.rung())),
                            "/restore-tests/" + test.testId());
        }

        private Stream<Mark> mark(@Nullable Instant at, String tone, String what, @Nullable String href) {
            return at == null || !axis.holds(at)
                    ? Stream.empty()
                    : Stream.of(new Mark(axis.x(at), tone, "%s, %s".formatted(what, words.instant(at)), href));
        }

        private List<Step> steps() {
            double width = 100.0 / STEPS;
            return IntStream.range(0, STEPS)
                    .mapToObj(i -> new Step(i * width, width, axis.at((i + 0.5) / STEPS)))
                    .toList();
        }
    }
}
