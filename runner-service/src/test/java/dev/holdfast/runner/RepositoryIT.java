package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.StanzaCheckOutcome;
import dev.holdfast.testsupport.KafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryIT {

    private final RunnerStage stage = RunnerStage.open(KafkaBroker.shared(), Map.of("repo1-retention-full", "2"));

    @BeforeAll
    void startTheRunner() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S").with("HOLDFAST_RUNNER_CHECK_EVERY", "PT24H");
        stage.runner("one");
        // before any test takes the stanza away, which a check at that moment would find missing
        awaitChecked();
    }

    @AfterEach
    void beginAnew() {
        stage.mend();
        stage.cluster().sql("drop table if exists t");
        stage.emptyRepository();
    }

    @AfterAll
    void close() {
        stage.close();
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
    void theStanzaIsCheckedOnItsOwnRhythmAndWhatWasFoundStandsInTheObservation() {
        RepositoryObserved observed = awaitChecked();

        assertThat(observed.getCheck().orElseThrow().getOutcome()).isEqualTo(StanzaCheckOutcome.PASSED);
    }

    private RepositoryObserved awaitChecked() {
        return stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getCheck().isPresent());
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

        stage.sabotage().removeBackupFolder(byHand);

        BackupVanished vanished = stage.log()
                .await(BackupVanished.class, event -> event.getLabel().equals(byHand));
        assertThat(discovered.getRequestId()).isEmpty();
        assertThat(vanished.getDetail()).contains("its files are missing");
    }

    @Test
    void aBackupThatRetentionRemovesHasExpiredByThatRule() {
        List<String> labels = Stream.generate(
                        () -> stage.publish(stage.request().build()))
                .limit(3)
                .map(id -> stage.awaitCompleted(id).getLabel())
                .toList();

        BackupExpired expired =
                stage.log().await(BackupExpired.class, event -> event.getLabel().equals(labels.getFirst()));

        assertThat(expired.getRule()).isEqualTo("repo1-retention-full=2");
        assertThat(expired.getRequestId()).isPresent();
    }

    @Test
    void aDamagedPageMakesTheBackupCompleteWithErrorsAndNamesTheFile() {
        String file = stage.sabotage().damageAPage();
        UUID id = stage.publish(stage.request().build());

        BackupCompleted completed = stage.awaitCompleted(id);

        assertThat(completed.getStatus()).isEqualTo(BackupStatus.COMPLETE_WITH_ERRORS);
        assertThat(completed.getDamagedFiles()).containsExactly(file);
    }
}
