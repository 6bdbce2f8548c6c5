package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashIT {

    private final RunnerStage stage = RunnerStage.open();

    @AfterEach
    void reset() {
        stage.reset();
    }

    @AfterAll
    void close() {
        stage.close();
    }

    @Test
    void aRunnerKilledWhileItsBackupRunsAdoptsItAfterwards() {
        // longer than the slowest machine takes to start the next life
        stage.with("HOLDFAST_RUNNER_LEASE", "PT5M");
        stage.gate().holdBefore();
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();

        runner.kill9();
        Instant killed = Instant.now();
        stage.runner("one");
        // its lease is renewed from the start; that its end is waited for only a heartbeat tells
        stage.log()
                .await(
                        BackupProgressed.class,
                        event -> event.getRequestId().equals(id)
                                && event.getOccurredAt().isAfter(killed));
        stage.gate().letBegin();

        BackupCompleted completed = stage.assertOneBackup(id);
        assertThat(completed.getRecovered()).as("published after its own end").isFalse();
        assertThat(startsOf(id)).hasSize(1);
    }

    @Test
    void aRunnerThatIsStoppedLeavesItsBackupRunningAndAdoptsItAfterwards() {
        stage.with("HOLDFAST_RUNNER_LEASE", "PT5M");
        stage.gate().holdBefore();
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();

        runner.close();
        assertThat(stage.gate().livingCalls()).as("backups that run").hasSize(1);
        stage.runner("one");
        stage.gate().letBegin();

        stage.assertOneBackup(id);
        assertThat(startsOf(id)).hasSize(1);
    }

    @Test
    void aBackupThatIsKilledFromOutsideIsMadeByTheNextAttempt() {
        stage.gate().holdBefore();
        stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();

        Signals.send(stage.gate().livingCalls().getFirst(), "KILL");
        stage.log().await(BackupStarted.class, event -> event.getRequestId().equals(id) && event.getAttempt() == 2);
        stage.gate().letBegin();

        assertThat(stage.assertOneBackup(id).getAttempt()).isEqualTo(2);
    }

    @Test
    void aBackupThatEndedWhileTheRunnerWasDeadIsPublishedAndNothingIsRunAgain() {
        stage.gate().holdAfter();
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldAfter();

        runner.kill9();
        stage.gate().letEnd();
        int calls = stage.gate().calls();
        stage.runsOf("one").awaitEnded();
        stage.runner("one");

        BackupCompleted completed = stage.awaitCompleted(id);
        assertThat(completed.getRecovered()).isTrue();
        assertThat(stage.gate().calls()).isEqualTo(calls);
        stage.assertOneBackup(id);
    }

    @Test
    void aClaimOfADeadRunnerWithoutAnyTraceIsTakenOverByTheNextAttempt() {
        stage.with("HOLDFAST_RUNNER_LEASE", "PT6S").with("HOLDFAST_RUNNER_LOCK_WAIT", "PT5S");
        var request = stage.request().build();
        stage.claimInTheNameOf("dead", request);

        stage.runner("two");

        BackupCompleted completed = stage.assertOneBackup(request.getRequestId());
        assertThat(completed.getAttempt()).isEqualTo(2);
        assertThat(startsOf(request.getRequestId()))
                .extracting(BackupStarted::getRunner)
                .containsExactly("dead", stage.runners().instance("two"));
    }

    @Test
    void aBackupWhoseCompletionWasLostWithItsRunnerIsFoundInTheRepository() {
        stage.with("HOLDFAST_RUNNER_LEASE", "PT6S");
        var request = stage.request().build();
        UUID id = request.getRequestId();
        stage.claimInTheNameOf("dead", request);
        String label = stage.repository().backup("full", Map.of("holdfast-request", id.toString()));

        stage.runner("two");

        BackupCompleted completed = stage.awaitCompleted(id);
        assertThat(completed.getRecovered()).isTrue();
        assertThat(completed.getLabel()).isEqualTo(label);
        assertThat(stage.gate().calls()).isZero();
    }

    @Test
    void aBackupWithoutARunnerEndsWithItsLeaseAndIsMadeByTheNextLife() {
        stage.with("HOLDFAST_RUNNER_LEASE", "PT6S");
        stage.gate().holdBefore();
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();

        runner.kill9();
        stage.runsOf("one").awaitEnded();
        stage.gate().letBegin();
        // a busy machine must not let the second run's lease end too
        stage.with("HOLDFAST_RUNNER_LEASE", "PT5M");
        stage.runner("one");

        BackupCompleted completed = stage.assertOneBackup(id);
        assertThat(completed.getAttempt()).isEqualTo(2);
    }

    @Test
    void twoRunnersOfTwoPoolsThatServeOneStanzaMakeOneBackup() {
        stage.runner("one");
        stage.runnerOfPool("two", stage.stanza() + "-other");

        UUID id = stage.publish(stage.request().build());

        stage.awaitCompleted(id);
        UUID later = stage.publish(stage.request().build());
        stage.awaitCompleted(later);
        assertThat(stage.endingsOf(id)).hasSize(1);
        assertThat(stage.endingsOf(later)).hasSize(1);
        assertThat(stage.gate().calls()).isEqualTo(2);
    }

    @Test
    void aRunningBackupIsCancelledAndItsWholeProcessGroupIsGone() {
        stage.gate().holdBefore();
        stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();
        stage.log().await(BackupProgressed.class, event -> event.getRequestId().equals(id));

        stage.publish(Events.cancelRequested(stage.stanza(), id).build());

        BackupFailed failed = stage.awaitFailed(id);
        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CANCELLED);
        assertThat(failed.getMessage()).isEqualTo("cancelled by 'ada': 'not now'");
        assertThat(stage.gate().livingCalls()).isEmpty();
    }

    @Test
    void aBackupThatTakesTooLongIsEndedAndTheFailureNamesTheLimit() {
        stage.with("HOLDFAST_RUNNER_TIME_LIMIT", "PT3S");
        stage.gate().holdBefore();
        stage.runner("one");
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.TIMEOUT);
        assertThat(failed.getMessage()).contains("PT3S");
        assertThat(failed.getHint()).contains("HOLDFAST_RUNNER_TIME_LIMIT");
        assertThat(stage.gate().livingCalls()).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayWhileTheBackupEndsIsMissedAndGetsItsFactWhenItIsBack() {
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                RunnerStage own = RunnerStage.open(broker, Map.of())) {
            own.gate().holdBefore();
            AppProcess runner = own.runner("one");
            UUID id = own.publish(own.request().build());
            own.gate().awaitHeldBefore();

            broker.pause();
            own.gate().letBegin();
            own.runsOf("one").awaitEnded();
            awaitReadiness(own, runner, "\"DOWN\"", "nothing has been read for", broker.bootstrapServers());
            broker.unpause();
            awaitReadiness(own, runner, "\"UP\"");

            own.assertOneBackup(id);
        }
    }

    @Test
    void aRunnerThatWasFrozenFindsItsRunInOtherHandsAndAddsNothing() {
        stage.with("HOLDFAST_RUNNER_LEASE", "PT6S").with("HOLDFAST_RUNNER_LOCK_WAIT", "PT5S");
        stage.gate().holdBefore();
        AppProcess frozen = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();
        stage.runnerOfPool("two", stage.stanza() + "-two");

        Signals.send(frozen.pid(), "STOP");
        stage.runsOf("one").awaitEnded();
        stage.gate().letBegin();
        BackupCompleted completed = stage.awaitCompleted(id);
        Signals.send(frozen.pid(), "CONT");
        stage.runsOf("one").awaitNone();

        stage.assertOneBackup(id);
        assertThat(completed.getAttempt()).isEqualTo(2);
        assertThat(completed.getProducer().getInstance())
                .isEqualTo(stage.runners().instance("two"));
    }

    @Test
    void aRunThatLosesItsSupervisorIsEndedBeforeItsRequestIsRunAgain() {
        stage.gate().holdBefore();
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();

        runner.kill9();
        Signals.send(stage.runsOf("one").supervisor(), "KILL");
        stage.runner("one");
        stage.log().await(BackupStarted.class, event -> event.getRequestId().equals(id) && event.getAttempt() == 2);
        stage.gate().letBegin();

        stage.assertOneBackup(id);
        assertThat(stage.gate().livingCalls()).isEmpty();
    }

    @Test
    void requestsThatAreDeliveredAgainAfterTheirEndRunNothing() {
        AppProcess runner = stage.runner("one");
        UUID id = stage.publish(stage.request().build());
        stage.awaitCompleted(id);
        runner.kill9();
        int calls = stage.gate().calls();

        // a group without offsets gets everything of the last days
        stage.runnerOfPool("two", stage.stanza() + "-anew");

        stage.assertOneBackup(id);
        assertThat(stage.gate().calls()).isEqualTo(calls);
    }

    private static void awaitReadiness(RunnerStage stage, AppProcess runner, String... words) {
        Awaitility.await(String.join(" ", words))
                .atMost(Duration.ofMinutes(4))
                .until(() -> Stream.of(words).allMatch(stage.runners().readinessOf(runner)::contains));
    }

    private List<BackupStarted> startsOf(UUID id) {
        return stage.log().all(BackupStarted.class).stream()
                .filter(event -> event.getRequestId().equals(id))
                .toList();
    }
}
