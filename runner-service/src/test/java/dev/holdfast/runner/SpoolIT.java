package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.StanzaCheckOutcome;
import dev.holdfast.testsupport.KafkaBroker;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Asynchronous archiving, and the disk of its spool. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpoolIT {

    private final RunnerStage stage = RunnerStage.open(KafkaBroker.shared(), Map.of("archive-async", "y"));
    private final SmallDisk disk = stage.spoolDisk();

    @BeforeAll
    void startTheRunner() {
        stage.runner("one");
    }

    @AfterEach
    void mend() {
        disk.release();
        disk.takeFiles();
        disk.free();
        stage.mend();
    }

    @AfterAll
    void close() {
        disk.close();
        stage.close();
    }

    /** What pgBackRest writes there when it archives is empty, and an empty file fits on a full disk. */
    @Test
    void aFullSpoolStopsNobody() {
        disk.fill();

        stage.assertOneBackup(stage.publish(stage.request().build()));
    }

    @Test
    void aSpoolThatTakesNoMoreFilesIsNamedAsTheCause() {
        stage.sabotage().waitForArchivingNoLongerThanSeconds(5);
        disk.takeNoFiles();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.STORAGE);
        assertThat(failed.getErrorName()).contains("archive-timeout");
        assertThat(failed.getMessage())
                .contains("the file system under %s takes no more files"
                        .formatted(stage.repository().spoolPath()));
        assertThat(failed.getHint()).contains("inodes").contains("pg_wal");
        assertThat(failed.getCheck().orElseThrow().getOutcome()).isEqualTo(StanzaCheckOutcome.FAILED);
        disk.takeFiles();
        stage.mend();
        stage.assertOneBackup(stage.publish(stage.request().build()));
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void aSpoolThatCannotBeWrittenIsNamedAsTheCause() {
        stage.sabotage().waitForArchivingNoLongerThanSeconds(5);
        disk.protect();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.STORAGE);
        assertThat(failed.getMessage())
                .contains("the file system under %s is mounted read-only"
                        .formatted(stage.repository().spoolPath()));
        disk.release();
        stage.mend();
        stage.assertOneBackup(stage.publish(stage.request().build()));
    }
}
