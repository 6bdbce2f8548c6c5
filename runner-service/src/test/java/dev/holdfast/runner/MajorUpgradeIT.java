package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RepositoryObserved;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL 14 under a stanza, and a real 15 in its place. */
class MajorUpgradeIT {

    private final RunnerStage stage = RunnerStage.openOlder();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void afterAMajorUpgradeNothingRunsUntilTheStanzaIsUpgradedAndThenTheFirstBackupIsAFull() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S");
        stage.runner("one");
        BackupCompleted before =
                stage.assertOneBackup(stage.publish(stage.request().build()));
        assertThat(before.getPostgresqlVersion()).isEqualTo("14");
        stage.cluster().upgrade();
        UUID refused = stage.publish(stage.request().build());

        BackupRejected rejected = stage.awaitRejected(refused);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.SYSTEM_CHANGED);
        assertThat(rejected.getDetail()).contains("stanza-upgrade");
        stage.repository().run("stanza-upgrade");
        BackupCompleted after = stage.assertOneBackup(
                stage.publish(stage.request().setType(BackupType.INCR).build()));
        assertThat(after.getPostgresqlVersion()).isEqualTo("15");
        assertThat(after.getSystemId())
                .isEqualTo(stage.cluster().systemIdentifier())
                .isNotEqualTo(before.getSystemId());
        assertThat(after.getEffectiveType()).isEqualTo(BackupType.FULL);
        assertThat(after.getTypeChangeReason().orElseThrow()).contains("no prior backup exists");
        assertThat(stage.endingsOf(refused)).hasSize(1);
        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getBackups().contains(after.getLabel())
                                && event.getWindows().size() > 1);
        assertThat(observed.getBackups())
                .as("the old one can still be restored")
                .contains(before.getLabel());
        assertThat(observed.getGaps()).isEmpty();
        assertThat(stage.log().all(BackupVanished.class))
                .noneMatch(event -> event.getStanza().equals(stage.stanza()));
    }
}
