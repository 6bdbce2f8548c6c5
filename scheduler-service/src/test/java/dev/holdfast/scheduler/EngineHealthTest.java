package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class EngineHealthTest {

    private boolean connected = true;
    private boolean policiesRead = true;
    private State state = State.CREATED;
    private final EngineHealth health = new EngineHealth(
            "kafka.example:9092",
            () -> connected,
            () -> state,
            () -> policiesRead,
            new ClockWatch(Clock.systemUTC(), System::nanoTime));

    @Test
    void itNamesTheKafkaThatItWaitsFor() {
        connected = false;

        Health said = health.health();

        assertThat(said.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(said.getDetails()).containsEntry("waitingFor", "Kafka at kafka.example:9092");
    }

    @Test
    void theFirstAssignmentIsWaitedFor() {
        assertThat(in(State.CREATED)).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(in(State.REBALANCING)).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(in(State.RUNNING)).isEqualTo(Status.UP);
    }

    @Test
    void anotherInstanceThatJoinsTakesItsReadinessNotAway() {
        assertThat(in(State.RUNNING)).isEqualTo(Status.UP);

        assertThat(in(State.REBALANCING)).isEqualTo(Status.UP);
        assertThat(health.health().getDetails()).containsEntry("streams", "REBALANCING");
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING_SHUTDOWN", "NOT_RUNNING", "PENDING_ERROR", "ERROR"})
    void anEngineThatHasEndedIsNotReady(State ended) {
        assertThat(in(State.RUNNING)).isEqualTo(Status.UP);

        assertThat(in(ended)).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void policiesThatAreNotReadYetAreWaitedFor() {
        policiesRead = false;

        assertThat(in(State.RUNNING)).isEqualTo(Status.OUT_OF_SERVICE);
    }

    private Status in(State now) {
        state = now;
        return health.health().getStatus();
    }
}
