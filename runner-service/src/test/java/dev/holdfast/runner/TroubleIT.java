package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.testsupport.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TroubleIT {

    private final RunnerStage stage = RunnerStage.open(KafkaBroker.shared(), Map.of("repo1-retention-full", "2"));

    @BeforeEach
    void startTheRunner() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S").with("HOLDFAST_RUNNER_LOCK_WAIT", "PT3S");
        stage.runner("one");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aDiffWithoutAFullBecomesAFullAndSaysWhy() {
        UUID id = stage.publish(stage.request().setType(BackupType.DIFF).build());

        BackupCompleted completed = stage.awaitCompleted(id);

        assertThat(completed.getRequestedType()).isEqualTo(BackupType.DIFF);
        assertThat(completed.getEffectiveType()).isEqualTo(BackupType.FULL);
        assertThat(completed.getTypeChangeReason())
                .contains("no prior backup exists, diff backup has been changed to full");
    }

    @Test
    void aDamagedPageMakesTheBackupCompleteWithErrorsAndNamesTheFile() throws IOException {
        String file = stage.damageAPage();
        UUID id = stage.publish(stage.request().build());

        BackupCompleted completed = stage.awaitCompleted(id);

        assertThat(completed.getStatus()).isEqualTo(BackupStatus.COMPLETE_WITH_ERRORS);
        assertThat(completed.getDamagedFiles()).containsExactly(file);
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
    }

    @Test
    void aMissingRepositoryIsAFaultOfTheConfiguration() throws IOException {
        Files.move(stage.repository().path(), stage.repository().path().resolveSibling("moved"));
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("stanza-create");
    }

    @Test
    void aBrokenConfigurationIsAFaultOfTheConfiguration() throws IOException {
        Files.writeString(stage.repository().configuration(), "[global]\nlog-level-console=info  # comment\n");
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).isNotBlank();
        assertThat(failed.getHint()).isNotBlank();
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
        assertThat(stage.backupCalls()).isZero();
    }

    @Test
    void aStoppedPgbackrestRejectsTheRequestAsPaused() {
        stage.repository().run("stop");
        UUID id = stage.publish(stage.request().build());

        BackupRejected rejected = stage.awaitRejected(id);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.PAUSED);
        assertThat(rejected.getDetail()).contains("pgbackrest start");
        assertThat(stage.backupCalls()).isZero();
    }

    @Test
    void aBackupIsFollowedByARestorePointAndByWhatTheRepositoryHolds() {
        UUID id = stage.publish(stage.request().build());
        String label = stage.awaitCompleted(id).getLabel();

        RestorePointCreated point = stage.log()
                .await(
                        RestorePointCreated.class,
                        event -> event.getLabel().filter(label::equals).isPresent());
        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getBackups().contains(label)
                                && event.getArchiveMax()
                                        .filter(max -> max.compareTo(point.getWalSegment()) >= 0)
                                        .isPresent());

        assertThat(point.getName()).isEqualTo("holdfast-" + label);
        assertThat(point.getRequestId()).contains(id);
        assertThat(observed.getStatusCode()).isZero();
        assertThat(observed.getGaps()).isEmpty();
        assertThat(observed.getForeignTimelines()).isEmpty();
        assertThat(observed.getWindows())
                .singleElement()
                .satisfies(window -> assertThat(window.getBackupLabel()).isEqualTo(label));
    }

    @Test
    void aMissingSegmentShowsAsAGap() {
        String label =
                stage.awaitCompleted(stage.publish(stage.request().build())).getLabel();
        String missing = stage.repository().switchWal();
        stage.repository().switchWal();
        stage.repository().deleteWalSegment(missing);

        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && !event.getGaps().isEmpty());

        assertThat(observed.getGaps()).singleElement().satisfies(gap -> {
            assertThat(gap.getFirst()).isEqualTo(missing);
            assertThat(gap.getLast()).isEqualTo(missing);
            assertThat(gap.getSegments()).isEqualTo(1);
        });
        assertThat(observed.getWindows())
                .singleElement()
                .satisfies(window -> assertThat(window.getBackupLabel()).isEqualTo(label));
    }

    @Test
    void aBackupMadeByHandIsDiscoveredAndOneThatIsTakenAwayHasVanished() {
        String byHand = stage.repository().backup("full");
        BackupDiscovered discovered = stage.log()
                .await(BackupDiscovered.class, event -> event.getLabel().equals(byHand));

        stage.removeBackupFolder(byHand);

        BackupVanished vanished = stage.log()
                .await(BackupVanished.class, event -> event.getLabel().equals(byHand));
        assertThat(discovered.getRequestId()).isEmpty();
        assertThat(vanished.getDetail()).contains("its files are missing");
    }

    @Test
    void aBackupThatRetentionRemovesHasExpiredByThatRule() {
        List<String> labels = java.util.stream.Stream.generate(
                        () -> stage.publish(stage.request().build()))
                .limit(3)
                .map(id -> stage.awaitCompleted(id).getLabel())
                .toList();

        BackupExpired expired =
                stage.log().await(BackupExpired.class, event -> event.getLabel().equals(labels.getFirst()));

        assertThat(expired.getRule()).isEqualTo("repo1-retention-full=2");
        assertThat(expired.getRequestId()).isPresent();
    }
}
