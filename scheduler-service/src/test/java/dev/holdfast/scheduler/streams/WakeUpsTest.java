package dev.holdfast.scheduler.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class WakeUpsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SHORT = Duration.ofMillis(25);
    private static final Duration LONG = Duration.ofMillis(500);
    private static final TaskId ONE = new TaskId(1, 0);
    private static final TaskId OTHER = new TaskId(1, 1);

    private final WakeUps wakeUps = new WakeUps(SHORT, LONG);

    @Test
    void aThreadSleepsUntilTheFirstOfItsTasksHasSomethingToDo() {
        wakeUps.set(ONE, NOW.plusMillis(300));
        wakeUps.set(OTHER, NOW.plusMillis(120));

        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(Duration.ofMillis(120));

        wakeUps.forget(OTHER);
        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aThreadDoesNotSleepOverSomethingOverdueNorForLongerThanItMay() {
        wakeUps.set(ONE, Instant.MAX);
        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(LONG);

        wakeUps.set(OTHER, NOW.minusSeconds(3));
        assertThat(wakeUps.sleep(NOW, false)).isZero();
    }

    @Test
    void aThreadComesBackSoonToCommitWhatItWasGivenAndWhileItsTasksAreBeingRestored() {
        assertThat(wakeUps.sleep(NOW, false)).as("no task yet").isEqualTo(SHORT);

        wakeUps.set(ONE, NOW.plusSeconds(60));
        assertThat(wakeUps.sleep(NOW, true)).isEqualTo(SHORT);
        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(LONG);

        wakeUps.restless(true);
        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(SHORT);
        wakeUps.restless(false);
        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(LONG);
    }

    @Test
    void anotherThreadsBacklogKeepsNobodyAwake() {
        CompletableFuture.runAsync(() -> wakeUps.set(OTHER, NOW)).join();
        wakeUps.set(ONE, NOW.plusSeconds(60));

        assertThat(wakeUps.sleep(NOW, false)).isEqualTo(LONG);
    }
}
