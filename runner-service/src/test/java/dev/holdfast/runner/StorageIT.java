package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.StanzaCheckOutcome;
import dev.holdfast.testsupport.AppProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A repository, and the runner's own folder, on disks that fill up, close, or hold what they should not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageIT {

    private static final int MANY = 5_000;
    private static final long MANY_KILOBYTES = 400 * 1024;

    private final RunnerStage stage = RunnerStage.openOnDisk(160, Map.of("compress-type", "gz"));
    private AppProcess runner;

    @BeforeAll
    void startTheRunner() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT5M");
        runner = stage.runner("one");
    }

    @AfterEach
    void mend() {
        stage.repositoryDisk().release();
        stage.repositoryDisk().free();
        stage.sabotage().giveRepositoryBack();
        stage.mend();
    }

    @AfterAll
    void close() {
        stage.close();
    }

    @Test
    void aFullRepositoryIsNamedAsTheCauseAlthoughPgbackrestOnlyMissesItsWal() throws IOException {
        stage.sabotage().waitForArchivingNoLongerThanSeconds(3);
        stage.repositoryDisk().fill();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.STORAGE);
        assertThat(failed.getMessage())
                .contains(
                        "the disk under %s is full".formatted(stage.repository().path()));
        assertThat(failed.getHint()).contains("pgbackrest expire").contains("Never remove files");
        assertThat(failed.getCheck().orElseThrow().getMessage()).contains("is full");
        stage.repositoryDisk().free();
        stage.mend();
        stage.assertOneBackup(stage.publish(stage.request().build()));
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void aRepositoryMountedReadOnlyIsNamedAsTheCause() throws IOException {
        stage.sabotage().waitForArchivingNoLongerThanSeconds(3);
        stage.repositoryDisk().protect();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.STORAGE);
        assertThat(failed.getMessage()).contains("is mounted read-only");
        assertThat(failed.getHint()).contains("dmesg");
        stage.repositoryDisk().release();
        stage.mend();
        stage.assertOneBackup(stage.publish(stage.request().build()));
    }

    @Test
    void aRepositoryThatSomebodyElseOwnsIsAFaultOfTheConfiguration() {
        stage.sabotage().giveRepositoryAway();
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("Permission denied");
        assertThat(failed.getHint()).contains("belongs to another user").contains("chown");
    }

    @Test
    void oneDamagedCopyOfTheListOfBackupsStopsNobody() {
        stage.repository().backup("full");
        stage.sabotage().spoil("backup.info");
        UUID id = stage.publish(stage.request().build());

        stage.assertOneBackup(id);
    }

    @Test
    void twoDamagedCopiesOfTheListOfBackupsAreCorruptionAndNothingIsLost() throws IOException {
        stage.repository().backup("full");
        Path info = stage.repository()
                .path()
                .resolve("backup")
                .resolve(stage.stanza())
                .resolve("backup.info");
        byte[] whole = Files.readAllBytes(info);
        stage.sabotage().spoil("backup.info");
        stage.sabotage().spoil("backup.info.copy");
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);
        Files.write(info, whole);

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CORRUPTION);
        assertThat(failed.getMessage()).contains("backup.info.copy");
        assertThat(failed.getHint()).contains("put a good copy back").contains("never run stanza-delete");
        assertThat(failed.getCheck().orElseThrow().getOutcome()).isEqualTo(StanzaCheckOutcome.FAILED);
        stage.assertOneBackup(stage.publish(stage.request().build()));
    }

    @Test
    void aBackupFromTheFutureIsAFaultOfTheClocksThatIsExplained() {
        stage.repository().backup("full");
        stage.sabotage().rememberBackupOfTheFuture("20990101-000000F");
        UUID id = stage.publish(stage.request().build());

        BackupFailed failed = stage.awaitFailed(id);
        stage.sabotage().forgetBackupOfTheFuture("20990101-000000F");

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getErrorName()).contains("clock");
        assertThat(failed.getHint()).contains("a backup from the future").contains("backup.history");
        stage.assertOneBackup(stage.publish(stage.request().build()));
    }

    @Test
    void aListOfFiveThousandBackupsIsReadWithinTheRunnersSmallHeap() throws IOException {
        stage.emptyRepository();
        stage.repository().backup("full");
        ManyBackups.addTo(stage.repository(), MANY);

        UUID id = stage.publish(stage.request().build());

        assertThat(stage.assertOneBackup(id).getStatus()).isEqualTo(BackupStatus.COMPLETE);
        stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getBackups().size() > MANY);
        assertThat(kilobytesOf(runner)).isLessThan(MANY_KILOBYTES);
        stage.emptyRepository();
    }

    @Test
    void aDiskOfTheRunnersOwnThatIsFullWhenABackupEndsLosesNeitherItNorItsFact() {
        try (SmallDisk disk = stage.stateDisk("full")) {
            AppProcess other = stage.runnerOfPool("full", stage.stanza() + "-full");
            stage.gate().holdAfter();
            UUID id = stage.publishFor(stage.stanza() + "-full");
            stage.gate().awaitHeldAfter();

            disk.fill();
            stage.gate().letEnd();

            stage.assertOneBackup(id);
            other.close();
        }
    }

    @Test
    void aDiskOfTheRunnersOwnThatIsFullBeforeABackupBeginsIsSaidAndNothingIsRun() {
        try (SmallDisk disk = stage.stateDisk("stuck")) {
            AppProcess other = stage.runnerOfPool("stuck", stage.stanza() + "-stuck");
            int calls = stage.gate().calls();
            disk.fill();

            BackupFailed failed = stage.awaitFailed(stage.publishFor(stage.stanza() + "-stuck"));

            assertThat(failed.getCategory()).isEqualTo(FailureCategory.INTERNAL);
            assertThat(failed.getHint()).contains("HOLDFAST_RUNNER_STATE").contains("free space");
            assertThat(stage.gate().calls()).isEqualTo(calls);
            other.close();
        }
    }

    private static long kilobytesOf(AppProcess process) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid())));
        return lines.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
