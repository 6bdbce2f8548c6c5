package dev.holdfast.catalog.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of time as a line from 0 to 100 percent.
 *
 * @param from its begin
 * @param to its end, after its begin
 */
record Axis(Instant from, Instant to) {

    private static final double WHOLE = 100;
    private static final int MOST_TICKS = 7;
    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Duration.ofDays(7),
            Duration.ofDays(28),
            Duration.ofDays(364));

    /**
     * An instant that is written below.
     *
     * @param x where, percent
     * @param text what
     */
    record Tick(double x, String text) {}

    /** Where an instant lies, percent; what lies outside is at the nearer end. */
    double x(Instant instant) {
        double length = Math.max(1, Duration.between(from, to).toMillis());
        return Math.clamp(WHOLE * Duration.between(from, instant).toMillis() / length, 0, WHOLE);
    }

    boolean holds(Instant instant) {
        return !instant.isBefore(from) && !instant.isAfter(to);
    }

    /** The instant at a share of the line, to the second, which is what people ask in. */
    Instant at(double share) {
        return Instant.ofEpochSecond(
                from.getEpochSecond() + Math.round(share * (to.getEpochSecond() - from.getEpochSecond())));
    }

    /** Round instants, UTC. */
    List<Tick> ticks(Words words) {
        Duration length = Duration.between(from, to);
        Duration step = STEPS.stream()
                .filter(one -> length.dividedBy(one) <= MOST_TICKS)
                .findFirst()
                .orElse(STEPS.getLast());
        List<Tick> ticks = new ArrayList<>();
        long seconds = step.toSeconds();
        for (long at = Math.ceilDiv(from.getEpochSecond(), seconds) * seconds;
                at <= to.getEpochSecond();
                at += seconds) {
            Instant instant = Instant.ofEpochSecond(at);
            ticks.add(new Tick(x(instant), words.tick(instant, step)));
        }
        return ticks;
    }
}
