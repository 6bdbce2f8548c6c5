package dev.holdfast.scheduler.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private Instant now = Instant.parse("2026-11-22T02:00:00Z");

    @Test
    void aBurstOfFiveSecondsIsTakenAndThenThereIsAWait() {
        Buckets buckets = new Buckets(2, () -> now);
        assertThat(IntStream.range(0, 10).mapToObj(number -> buckets.take("alice")))
                .containsOnly(Duration.ZERO);
        assertThat(buckets.take("alice")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void whoWaitsAsToldIsServed() {
        Buckets buckets = new Buckets(0.5, () -> now);
        Duration wait = Duration.ZERO;
        while (wait.isZero()) {
            wait = buckets.take("alice");
        }
        now = now.plus(wait).minusMillis(1);
        assertThat(buckets.take("alice")).isEqualTo(Duration.ofMillis(1));
        now = now.plusMillis(1);
        assertThat(buckets.take("alice")).isZero();
    }

    @Test
    void oneCallersHasteIsNotAnothers() {
        Buckets buckets = new Buckets(0.2, () -> now);
        assertThat(buckets.take("alice")).isZero();
        assertThat(buckets.take("alice")).isPositive();
        assertThat(buckets.take("bob")).isZero();
    }

    @Test
    void aClockThatIsSetBackTakesNothingAway() {
        Buckets buckets = new Buckets(1, () -> now);
        buckets.take("alice");
        now = now.minusSeconds(3_600);
        assertThat(buckets.take("alice")).isZero();
    }

    @Test
    void zeroIsNoLimit() {
        Buckets buckets = new Buckets(0, () -> now);
        assertThat(IntStream.range(0, 1_000).mapToObj(number -> buckets.take("alice")))
                .containsOnly(Duration.ZERO);
    }
}
