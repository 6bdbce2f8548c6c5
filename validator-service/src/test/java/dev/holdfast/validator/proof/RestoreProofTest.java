package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every ending of a proof up to the point that its recovery reached, in a world where one thing is wrong at a time. */
class RestoreProofTest extends ProofInFakeWorld {

    @Test
    void aWorldInOrderPassesUpToCheckedContent() {
        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.rung()).isEqualTo(Rung.CONTENT_CHECKED);
        assertThat(report.checks())
                .filteredOn(check -> !check.isPassed())
                .extracting(Check::name)
                .containsExactly(Check.SCHEMA);
        assertThat(report.checks()).hasSize(12);
    }

    @Test
    void aLimitThatTheKernelDoesNotEnforceIsReportedAsAbsent() {
        assertThat(prove(new Target.BackupEnd()).sandbox().orElseThrow().limits())
                .isEqualTo(Map.of("memory", "1024", "processes", "absent", "disk", "absent"));
    }

    @Test
    void aMissingEngineEndsInconclusive() {
        world.opening = Optional.of(new ProofStopped(Reason.ENGINE, "no engine"));

        assertThat(prove(new Target.BackupEnd()).conclusion()).isEqualTo(new Conclusion(Reason.ENGINE, "no engine"));
    }

    @Test
    void aBackupOfAnotherMajorVersionIsProvenInASandboxThatHasIt() {
        world.majors = List.of("16", "15");

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.OK);
        assertThat(world.opened()).isEqualTo(2);
    }

    @Test
    void aSandboxThatHasTheWrongPostgresqlAllTheSameSaysNothingOfTheBackup() {
        world.majors = List.of("16", "16");

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().message()).contains("PostgreSQL 15");
    }

    @Test
    void aWritableRepositoryStopsTheTestBeforeItTouchesAnything() {
        world.repositoryWritable = true;

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.SANDBOX);
    }

    @Test
    void aStanzaWithoutBackupsIsInconclusive() {
        world.backups = List.of();

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.NO_BACKUP);
    }

    @Test
    void aLabelThatNobodyKnowsIsInconclusiveAndOneThatExpiredIsExpired() {
        assertThat(prove(new Target.BackupEnd(), "20261123-000000F")
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.UNKNOWN_BACKUP);

        world.remembered.add("20261123-000000F");
        assertThat(prove(new Target.BackupEnd(), "20261123-000000F")
                        .conclusion()
                        .verdict())
                .isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void whatFailsInASandboxWithoutRoomSaysNothingOfTheBackup() {
        world.outOfSpace = true;
        world.dump = Check.failed(Check.DUMP, Duration.ZERO, "pg_dumpall: could not extend file");

        Conclusion checked = prove(new Target.BackupEnd()).conclusion();
        world.ready = false;
        Conclusion recovered = prove(new Target.BackupEnd()).conclusion();
        world.restored = new BackupEngine.Restored.GaveUp(Reason.SPACE, "[064] No space left on device");
        Conclusion restored = prove(new Target.BackupEnd()).conclusion();

        assertThat(List.of(checked, recovered, restored))
                .allSatisfy(conclusion -> assertThat(conclusion.reason()).isEqualTo(Reason.SPACE))
                .allSatisfy(conclusion -> assertThat(conclusion.message()).contains("df -i"));
    }

    @Test
    void aLabelOfBeforeTheRepositorysMemoryExpiredAndOneWithinItNeverWas() {
        world.remembered.add("20201231-000000F");

        Conclusion before = prove(new Target.BackupEnd(), "20200101-000000F").conclusion();
        Conclusion within = prove(new Target.BackupEnd(), "20210101-000000F").conclusion();

        assertThat(before.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(before.message()).contains("if it ever was there");
        assertThat(within.reason()).isEqualTo(Reason.UNKNOWN_BACKUP);
    }

    @Test
    void aRestoreThatFailsBecauseRetentionTookTheBackupMeanwhileIsExpired() {
        world.restored = new BackupEngine.Restored.GaveUp(Reason.BACKUP_DAMAGED, "[055] file missing");
        world.backupsLater = List.of();

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void aRestoreThatFailsBecauseTheRepositoryIsGoneIsInconclusive() {
        world.restored = new BackupEngine.Restored.GaveUp(Reason.BACKUP_DAMAGED, "[055] file missing");
        world.unreadableLater =
                Optional.of(new ProofStopped(Reason.CONFIGURATION, "the repository has no stanza shop"));

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report.conclusion().message())
                .contains("cannot be read any more", "the repository has no stanza shop");
    }

    @Test
    void aCancelledProofEndsWithTheReasonThatWasGiven() {
        ProofProgress progress = new ProofProgress();
        progress.cancel("cancelled by ada");

        ProofReport report = prove(new Target.BackupEnd(), progress);

        assertThat(report.conclusion()).isEqualTo(new Conclusion(Reason.CANCELLED, "cancelled by ada"));
    }

    @Test
    void aRestoreThatFailsOnAListedBackupIsDamage() {
        world.restored = new BackupEngine.Restored.GaveUp(Reason.BACKUP_DAMAGED, "[029] checksum");

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.BACKUP_DAMAGED);
        assertThat(report.rung()).isEqualTo(Rung.INFO);
    }

    @Test
    void aRestoreThatWasKilledForMemoryIsInconclusive() {
        world.restored = new BackupEngine.Restored.GaveUp(Reason.SANDBOX, "status 137");
        world.outOfMemory = true;

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.MEMORY);
    }

    @Test
    void tooLittleSpaceIsFoundBeforeTheRestore() {
        world.free = 1000;

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.SPACE);
    }

    @Test
    void aHoleFailsEvenIfEverythingElseIsGreen() {
        world.archive = without(4);
        world.log = FakeTools.log(
                "LOG:  restored log file \"000000010000000000000005\" from archive", "LOG:  archive recovery complete");
        world.replayed = "0/5000100";

        ProofReport report = prove(new Target.Latest());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.WAL_GAP);
        assertThat(report.conclusion().message()).contains("000000010000000000000004");
        assertThat(report.rung()).isEqualTo(Rung.INFO);
    }

    @Test
    void aHoleBehindWhatTheTargetNeedsDoesNotMatter() {
        world.archive = without(4);
        world.archiveLater = without(4);

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.OK);
    }

    @Test
    void aPositionThatIsNotArchivedYetIsUnreachable() {
        assertThat(reason(new Target.AtLsn(Lsn.parse("0/9000000")))).isEqualTo(Reason.TARGET_UNREACHABLE);
    }

    @Test
    void aTargetBeforeTheBackupsEndIsUnreachable() {
        assertThat(prove(new Target.AtLsn(Lsn.parse("0/3000000")), FakeTools.LABEL)
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(prove(new Target.Time(Instant.parse("2026-11-22T16:00:10Z")), FakeTools.LABEL)
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.TARGET_UNREACHABLE);
    }

    @Test
    void anotherClustersFilesAreAMatterOfConfiguration() {
        world.systemId = "1";

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.CONFIGURATION);
    }

    @Test
    void aServerThatDoesNotStartFails() {
        world.ready = false;
        world.log = FakeTools.log(
                "LOG:  database system was interrupted; last known up at 2026-11-22 16:10:25 UTC",
                "LOG:  restored log file \"000000010000000000000003\" from archive",
                "FATAL:  could not locate required checkpoint record");

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.START_FAILED);
    }

    @Test
    void aServerThatEndsBeforeItReadsTheClusterSaysNothingOfTheBackup() {
        world.ready = false;
        world.log = FakeTools.log("FATAL:  could not create any Unix-domain sockets");

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.SANDBOX);
    }

    @Test
    void aSettingThatTheSandboxRefusesIsNamed() {
        world.ready = false;
        world.log = FakeTools.log(
                "2026-11-22 16:10:25.000 UTC [7] LOG:  invalid value for parameter \"TimeZone\": \"Mars/Base\"",
                "2026-11-22 16:10:25.000 UTC [7] FATAL:  configuration file \"/pg/postgresql.auto.conf\" contains errors");

        Conclusion conclusion = prove(new Target.BackupEnd()).conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.SANDBOX);
        assertThat(conclusion.message()).contains("postgresql.auto.conf", "parameter \"TimeZone\": \"Mars/Base\"");
    }

    @Test
    void aServerThatDiedForMemoryIsInconclusive() {
        world.ready = false;
        world.outOfMemory = true;

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.MEMORY);
    }

    @Test
    void aServerThatFallsSilentForMemoryIsInconclusive() {
        world.silence = Optional.of(new ProofStopped(Reason.CONTENT_DAMAGED, "it answers no query"));

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.CONTENT_DAMAGED);
        world.outOfMemory = true;
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.MEMORY);
    }

    @Test
    void aServerStillInRecoveryHasNotReachedItsTarget() {
        world.inRecovery = true;

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.TARGET_NOT_REACHED);
    }

    @Test
    void anEarlyEndOfRecoveryFailsAlthoughEveryCheckPasses() {
        world.replayed = "0/3000000";

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.TARGET_NOT_REACHED);
        assertThat(report.rung()).isEqualTo(Rung.STARTED);
    }

    private static ArchiveListing without(int number) {
        TreeMap<String, ArchiveListing.Stamp> files =
                new TreeMap<>(FakeTools.listing(1, 5).files());
        files.remove(FakeTools.path(1, number));
        return new ArchiveListing(files);
    }
}
