package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private Instant wall = START;
    private long nanos = Long.MAX_VALUE - 1_000;
    private final Clock clock = ((InstantSource) () -> wall).withZone(ZoneOffset.UTC);
    private final ClockWatch watch = new ClockWatch(clock, () -> nanos);

    @Test
    void aStepBackIsNoticedWithWhatTheClockWouldHaveSaid() {
        pass(Duration.ofMinutes(10));
        wall = wall.minus(Duration.ofHours(1));

        assertThat(watch.look()).hasValueSatisfying(step -> {
            assertThat(step.from()).isEqualTo(START.plus(Duration.ofMinutes(10)));
            assertThat(step.to()).isEqualTo(START.minus(Duration.ofMinutes(50)));
            assertThat(step.by()).isEqualTo(Duration.ofHours(1));
        });
        assertThat(watch.last()).isPresent();
        assertThat(watch.times()).isEqualTo(1);
    }

    @Test
    void oneStepIsNoticedOnce() {
        wall = wall.minus(Duration.ofHours(1));
        assertThat(watch.look()).isPresent();

        pass(Duration.ofSeconds(1));

        assertThat(watch.look()).isEmpty();
        assertThat(watch.times()).isEqualTo(1);
    }

    @Test
    void aStepForthACorrectionAndTimeThatPassesAreNone() {
        pass(Duration.ofHours(5));
        assertThat(watch.look()).isEmpty();
        wall = wall.plus(Duration.ofHours(1));
        assertThat(watch.look()).isEmpty();
        wall = wall.minus(ClockWatch.TOLERATED);
        assertThat(watch.look()).isEmpty();
        assertThat(watch.last()).isEmpty();
    }

    /** On both clocks; the one of nanoseconds may run over. */
    private void pass(Duration duration) {
        wall = wall.plus(duration);
        nanos += duration.toNanos();
    }
}
