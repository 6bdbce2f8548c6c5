package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.StanzaCheckOutcome;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubleIT {

    private final RunnerStage stage = RunnerStage.open();

    @BeforeAll
    void startTheRunner() {
        // a backup by hand takes long on a busy machine
        stage.with("HOLDFAST_RUNNER_LOCK_WAIT", "PT10M");
        stage.runner("one");
    }

    @AfterEach
    void mend() {
        stage.mend();
    }

    @AfterAll
    void close() {
        stage.close();
    }

    @Test
    void aDiffWithoutAFullBecomesAFullAndSaysWhy() {
        stage.emptyRepository();
        UUID id = stage.publish(stage.request().setType(BackupType.DIFF).build());

        BackupCompleted completed = stage.awaitCompleted(id);

        assertThat(completed.getRequestedType()).isEqualTo(BackupType.DIFF);
        assertThat(completed.getEffectiveType()).isEqualTo(BackupType.FULL);
        assertThat(completed.getTypeChangeReason())
                .contains("no prior backup exists, diff backup has been changed to full");
    }

    @Test
    void aStoppedClusterIsAFailureWorthRetryingThatSaysWhatToDo() {
        stage.cluster().stop();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getExitCode()).contains(56);
        assertThat(failed.getErrorName()).contains("db-connect");
        assertThat(failed.getHint()).contains("See that the cluster runs");
        assertThat(failed.getLogTail()).contains("unable to find primary cluster");
        assertThat(failed.getCheck()).hasValueSatisfying(check -> {
            assertThat(check.getOutcome()).isEqualTo(StanzaCheckOutcome.FAILED);
            assertThat(check.getHint()).contains("See that the cluster runs");
        });
    }

    @Test
    void aClusterThatIsRestartedWhileItIsBackedUpIsAFailureAndTheNextBackupIsMade() {
        UUID id = stage.publish(
                stage.request().setOptions(Map.of("compress-type", "bz2")).build());
        stage.runsOf("one").awaitOutput("backup file ");

        stage.cluster().stop();
        stage.cluster().start();

        BackupFailed failed = stage.awaitFailed(id);
        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).isNotBlank();
        stage.assertOneBackup(stage.publish(stage.request().build()));
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void aBackupByHandIsWaitedForAndDiscovered() throws Exception {
        Future<String> byHand = stage.sabotage().backupByHand();
        UUID id = stage.publish(stage.request().build());

        stage.assertOneBackup(id);

        String label = byHand.get();
        stage.log().await(BackupDiscovered.class, event -> event.getLabel().equals(label));
    }

    @Test
    void theLockFileOfADeadProcessStopsNobody() {
        stage.sabotage().leaveLockFileOfADeadProcess();
        UUID id = stage.publish(stage.request().build());

        stage.assertOneBackup(id);
    }

    @Test
    void fieldsThatNobodyKnowsYetAreReadOver() {
        stage.gate().addUnknownFields();
        UUID id = stage.publish(stage.request().build());

        stage.assertOneBackup(id);
    }

    @Test
    void anotherClusterInTheStanzasPlaceIsRefusedUntilTheStanzaIsUpgraded() {
        stage.assertOneBackup(stage.publish(stage.request().build()));
        stage.cluster().replace();
        UUID refused = stage.publish(stage.request().build());

        BackupRejected rejected = stage.awaitRejected(refused);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.SYSTEM_CHANGED);
        assertThat(rejected.getDetail()).contains("stanza-upgrade");
        stage.repository().run("stanza-upgrade");
        UUID first = stage.publish(stage.request().build());
        UUID second = stage.publish(stage.request().build());
        BackupCompleted completed = stage.assertOneBackup(first, second);
        assertThat(completed.getSystemId()).isEqualTo(stage.cluster().systemIdentifier());
        assertThat(stage.endingsOf(refused)).hasSize(1);
    }

    @Test
    void aMissingRepositoryIsAFaultOfTheConfiguration() {
        stage.sabotage().waitForArchivingNoLongerThanSeconds(2);
        stage.sabotage().moveRepositoryAway();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("stanza-create");
    }

    @Test
    void aCommentBehindAValueIsAFaultOfTheConfigurationThatIsExplained() throws IOException {
        Files.writeString(
                stage.repository().configuration(),
                "process-max=2  # as many as processors\n",
                StandardOpenOption.APPEND);
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("process-max").contains("# as many as processors");
        assertThat(failed.getHint()).contains("Comments after a value are part of the value");
    }

    @Test
    void aConfigurationWithoutTheStanzasSectionSaysWhatIsMissing() throws IOException {
        Files.writeString(stage.repository().configuration(), "[global]\n");
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("pg1-path");
        assertThat(failed.getHint()).contains("the stanza's section");
    }

    @Test
    void aMissingConfigurationIsNamedAndNothingIsRun() throws IOException {
        Files.delete(stage.repository().configuration());
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage())
                .contains(stage.repository().configuration().toString())
                .contains("does not exist");
        assertThat(failed.getHint()).contains("HOLDFAST_PGBACKREST_CONFIG");
        assertThat(failed.getCheck()).as("there is nothing to check with").isEmpty();
        assertThat(stage.gate().calls()).isZero();
    }

    @Test
    void aStoppedPgbackrestRejectsTheRequestAsPaused() {
        stage.repository().run("stop");
        UUID id = stage.publish(stage.request().build());

        BackupRejected rejected = stage.awaitRejected(id);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.PAUSED);
        assertThat(rejected.getDetail()).contains("pgbackrest start");
        assertThat(stage.gate().calls()).isZero();
    }

    @Test
    void aLockThatSomebodyElseKeepsIsAConflict() {
        String pool = stage.stanza() + "-impatient";
        stage.with("HOLDFAST_RUNNER_LOCK_WAIT", "PT10S");
        BackupFailed failed;
        try (HeldLock lock = stage.sabotage().holdLock();
                AppProcess impatient = stage.runnerOfPool("impatient", pool)) {
            failed = stage.awaitFailed(stage.publishFor(pool));
            assertThat(lock.isHeld()).isTrue();
            assertThat(impatient.isAlive()).isTrue();
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(failed.getExitCode()).contains(50);
        assertThat(failed.getMessage()).contains("unable to acquire lock");
        assertThat(failed.getHint()).contains("ps -C pgbackrest");
        assertThat(failed.getCheck()).as("a lock says nothing about the stanza").isEmpty();
        assertThat(stage.gate().calls()).as("tries while it was waited for").isGreaterThan(1);
    }

    @Test
    void aLockThatIsGivenBackInTimeOnlyDelaysTheBackup() {
        UUID id;
        try (HeldLock lock = stage.sabotage().holdLock()) {
            id = stage.publish(stage.request().build());
            stage.gate().awaitCall();
            assertThat(lock.isHeld()).isTrue();
        }

        stage.assertOneBackup(id);
    }

    @Test
    void aRepositoryThatMayNotBeWrittenIsAFaultOfTheConfigurationAlthoughArchivingWorks() {
        stage.sabotage().makeBackupFolderReadOnly();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("Permission denied");
        assertThat(failed.getHint()).contains("belongs to another user");
        assertThat(failed.getCheck().orElseThrow().getOutcome())
                .as("archiving goes on")
                .isEqualTo(StanzaCheckOutcome.PASSED);
    }

    @Test
    void anArchiveCommandThatFailsIsNamedAsTheCause() {
        stage.sabotage().breakArchiving();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getErrorName()).contains("archive-timeout");
        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).contains("archive_command");
        assertThat(failed.getCheck().orElseThrow().getOutcome()).isEqualTo(StanzaCheckOutcome.FAILED);
        assertThat(failed.getCheck().orElseThrow().getErrorName()).contains("archive-timeout");
    }

    @Test
    void aClusterThatDiesWhileItIsBackedUpIsAFailureAndTheNextBackupIsMade() {
        UUID id = stage.publish(
                stage.request().setOptions(Map.of("compress-type", "bz2")).build());
        stage.runsOf("one").awaitOutput("backup file ");

        stage.cluster().kill();

        BackupFailed failed = stage.awaitFailed(id);
        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).isNotBlank();
        assertThat(failed.getLogTail()).contains("backup start archive");
        stage.cluster().start();
        stage.assertOneBackup(stage.publish(stage.request().build()));
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void aRequestThatIsCancelledBeforeItsTurnIsRejectedAndNotRun() {
        stage.gate().holdBefore();
        UUID first = stage.publish(stage.request().build());
        stage.gate().awaitHeldBefore();
        UUID second = stage.publish(stage.request().build());

        stage.publish(Events.cancelRequested(stage.stanza(), second).build());
        stage.gate().letBegin();

        BackupRejected rejected = stage.awaitRejected(second);
        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.CANCELLED);
        assertThat(rejected.getDetail()).isEqualTo("cancelled by 'ada': 'not now', before it was started");
        stage.awaitCompleted(first);
        assertThat(stage.gate().calls()).isEqualTo(1);
    }
}
