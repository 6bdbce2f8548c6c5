package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every ending of a proof, in a world where one thing is wrong at a time. */
class RestoreProofTest {

    private final FakeTools world = new FakeTools();
    private final FakePast earlier = new FakePast();

    @AfterEach
    void everySandboxIsClosed() {
        assertThat(world.closed()).isEqualTo(world.opened());
    }

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
    void aBackupThatTheListHasLostWhileItsManifestLiesThereDidNotExpire() {
        world.remembered.add("20261123-000000F");
        world.unlisted = true;

        Conclusion conclusion =
                prove(new Target.BackupEnd(), "20261123-000000F").conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(conclusion.message())
                .contains(
                        "20261123-000000F",
                        "backup.info",
                        "expire",
                        "No test of this stanza that passed is remembered",
                        "backups that are still listed: " + FakeTools.LABEL + " (not tested)",
                        "names no other repository");
    }

    @Test
    void aRepositoryThatNothingCanBeChosenFromSaysSinceWhenAndWhereElseToLook() {
        world.unreadable = Optional.of(new ProofStopped(Reason.REPOSITORY_DAMAGED, "backup.info is lost."));
        world.others.addAll(List.of(2, 3));
        earlier.passed.put("20261120-160000F", Instant.parse("2026-11-20T17:00:00Z"));
        earlier.passed.put(FakeTools.LABEL, Instant.parse("2026-11-22T17:00:00Z"));

        String newest = prove(new Target.BackupEnd()).conclusion().message();
        String named =
                prove(new Target.BackupEnd(), "20261120-160000F").conclusion().message();

        assertThat(newest)
                .isEqualTo(
                        "backup.info is lost. The last test of this stanza that passed was that of backup %s, at 2026-11-22T17:00:00Z; no backup of this repository can be chosen for a restore until that is mended; the configuration names repository 2, 3 too: see what it holds with 'holdfast prove shop --repository 2'"
                                .formatted(FakeTools.LABEL));
        assertThat(named).contains("This backup last passed a test at 2026-11-20T17:00:00Z");
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
    void aFailureSaysSinceWhenAndWhatCanBeRestoredInstead() {
        world.backups = List.of(FakeTools.backup("20261121-160000F"), FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;
        world.restored = new BackupEngine.Restored.GaveUp(Reason.BACKUP_DAMAGED, "[029] checksum");
        earlier.passed.put("20261121-160000F", Instant.parse("2026-11-21T17:00:00Z"));

        assertThat(prove(new Target.BackupEnd()).conclusion().message())
                .contains(
                        "No test that this backup passed is remembered",
                        "need no part of it: 20261121-160000F (passed at 2026-11-21T17:00:00Z)");

        earlier.passed.put(FakeTools.LABEL, Instant.parse("2026-11-22T17:00:00Z"));
        world.backups = List.of(FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;

        assertThat(prove(new Target.BackupEnd()).conclusion().message())
                .contains(
                        "[029] checksum. This backup last passed a test at 2026-11-22T17:00:00Z",
                        "no other backup is listed in this repository");
    }

    @Test
    void aBackupWhoseOwnWalIsGoneAsWellIsNotNamedAsOneThatCanBeRestoredInstead() {
        Backup other = FakeTools.backup("20261121-160000F", 1, 2);
        Backup whole = FakeTools.backup("20261123-160000F", 1, 5);
        world.backups = List.of(other, FakeTools.backup(FakeTools.LABEL), whole);
        world.backupsLater = world.backups;
        world.archive = FakeTools.listing(4, 5);
        world.archiveLater = world.archive;

        Conclusion conclusion = prove(new Target.BackupEnd(), FakeTools.LABEL).conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_GAP);
        assertThat(conclusion.message())
                .contains(
                        "can be restored to their own end: 20261123-160000F (not tested)",
                        "not restorable either: 20261121-160000F (WAL segment 000000010000000000000002 is missing)");
    }

    @Test
    void aDamagedSegmentSpoilsEveryBackupThatNeedsIt() {
        world.backups = List.of(FakeTools.backup("20261121-160000F"), FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;
        world.ready = false;
        world.log = FakeTools.log("ERROR: [042]: unable to get 000000010000000000000003: ", "FATAL:  no checkpoint");

        Conclusion conclusion = prove(new Target.BackupEnd()).conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_DAMAGED);
        assertThat(conclusion.message())
                .contains(
                        "no other backup can be restored instead: 20261121-160000F (WAL segment 000000010000000000000003 is damaged)");
    }

    @Test
    void theFullBackupOfADamagedIncrementIsNamedAsOneThatCanBeRestored() {
        Backup full = FakeTools.backup("20261121-160000F");
        String label = "20261121-160000F_20261122-160000I";
        Backup incr = FakeTools.incr(label, full.label());
        world.backups = List.of(full, incr);
        world.backupsLater = world.backups;
        world.restored = new BackupEngine.Restored.GaveUp(
                Reason.BACKUP_DAMAGED,
                "[029] checksum; damaged: invalid checksum '%s/pg_data/base/1'".formatted(label));

        assertThat(prove(new Target.BackupEnd(), label).conclusion().message())
                .contains("need no part of it: 20261121-160000F (not tested)");
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

    @Test
    void anyContentCheckThatFailsFailsTheTest() {
        world.amcheck = Check.failed(Check.AMCHECK, Duration.ZERO, "index item is corrupt");

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.CONTENT_DAMAGED);
        assertThat(report.conclusion().message()).contains("amcheck", "index item is corrupt");
        assertThat(report.rung()).isEqualTo(Rung.TARGET_REACHED);
    }

    @Test
    void aDatabaseThatDoesNotAnswerFailsTheTest() {
        world.query = Check.failed(Check.QUERY, Duration.ZERO, "unanswered shop");

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.CONTENT_DAMAGED);
    }

    @Test
    void aCheckThatCouldNotRunNeverPasses() {
        world.dump = Check.notRun(Check.DUMP, "a library is missing");

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.CHECK_NOT_RUN);
    }

    @Test
    void aClusterWithoutPageChecksumsPassesAndSaysSo() {
        world.pageChecksums = false;
        world.pages = Check.notRun(Check.PAGE_CHECKSUMS, "the cluster has none");

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.OK);
        assertThat(report.checks()).anyMatch(check -> check.outcome() == Check.Outcome.NOT_RUN);
    }

    @Test
    void anArchiveThatGrewAndExpiredMeanwhileIsUntouched() {
        world.archive = FakeTools.listing(1, 5);
        world.archiveLater = FakeTools.listing(2, 7);

        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.OK);
    }

    @Test
    void aForeignTimelineInTheArchiveDoesNotPass() {
        TreeMap<String, ArchiveListing.Stamp> poisoned =
                new TreeMap<>(FakeTools.listing(1, 5).files());
        poisoned.put(FakeTools.path(2, 5), new ArchiveListing.Stamp(100, 2_000));
        world.archiveLater = new ArchiveListing(poisoned);

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.ARCHIVE_CHANGED);
        assertThat(report.conclusion().message()).contains("new timeline");
    }

    @Test
    void aChangedOrPunchedArchiveDoesNotPass() {
        world.archiveLater = without(4);
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.ARCHIVE_CHANGED);

        FakeTools other = new FakeTools();
        TreeMap<String, ArchiveListing.Stamp> altered = new TreeMap<>(other.archive.files());
        altered.put(FakeTools.path(1, 4), new ArchiveListing.Stamp(101, 1_004));
        other.archiveLater = new ArchiveListing(altered);
        assertThat(prove(other, new Target.BackupEnd(), Optional.empty(), new ProofProgress())
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.ARCHIVE_CHANGED);
    }

    @Test
    void aSchemaThatDiffersFromTheLastProofsIsNamedInWordsAndFailsOnlyWhereThatIsDemanded() {
        earlier.inventory = Optional.of(new EarlierInventory(
                "20261121-160000F",
                Instant.parse("2026-11-21T16:10:00Z"),
                new Inventory(
                        new TreeMap<>(Map.of("shop: table public.gone", "", "shop: table public.item", "unlogged")),
                        new TreeMap<>(),
                        List.of(new Inventory.Table("shop: public.item", 12, Optional.empty())),
                        Optional.empty())));

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.OK);
        assertThat(check(report, Check.SCHEMA).detail())
                .contains("20261121-160000F", "gone shop: table public.gone", "changed shop: table public.item");
        assertThat(check(report, Check.ROWS).detail()).contains("shop: public.item has 10 rows, had 12");

        world.demands = new Demands(Optional.empty(), List.of(), true);
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.ASSERTION_FAILED);
    }

    @Test
    void ofACatalogThatWasTooLargeToBeKeptTheSchemasThatDifferAreNamed() {
        earlier.inventory = Optional.of(new EarlierInventory(
                "20261121-160000F",
                Instant.EPOCH,
                new Inventory(
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("shop: public", "0b0b", "shop: old", "0c0c")),
                        List.of(),
                        Optional.empty())));

        assertThat(check(prove(new Target.BackupEnd()), Check.SCHEMA).detail())
                .contains("changed something in the schema shop: public", "gone the schema shop: old");

        world.demands = new Demands(Optional.empty(), List.of(), true);
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.ASSERTION_FAILED);
    }

    @Test
    void theSameSchemaPasses() {
        earlier.inventory = Optional.of(new EarlierInventory("x", Instant.EPOCH, world.inventory));

        assertThat(check(prove(new Target.BackupEnd()), Check.SCHEMA).isPassed())
                .isTrue();
    }

    @Test
    void anAssertionThatFailsFailsTheTestOnlyIfItsSeveritySaysSo() {
        world.demands = demanding("2", Assertion.Severity.FAIL);
        ProofReport failed = prove(new Target.BackupEnd());
        assertThat(failed.conclusion().reason()).isEqualTo(Reason.ASSERTION_FAILED);
        assertThat(failed.conclusion().message()).contains("expected '2', found '1'", "select one");

        world.demands = demanding("2", Assertion.Severity.WARN);
        ProofReport warned = prove(new Target.BackupEnd());
        assertThat(warned.conclusion().reason()).isEqualTo(Reason.OK);
        assertThat(warned.conclusion().message()).contains("assertion:one");
        assertThat(check(warned, "assertion:one").outcome()).isEqualTo(Check.Outcome.FAILED);
    }

    @Test
    void anAssertionThatCouldNotBeAskedNeverPasses() {
        world.demands = demanding("1", Assertion.Severity.FAIL);
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.OK);

        world.reply = new Reply.Unasked("syntax error");
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.CHECK_NOT_RUN);

        world.reply = new Reply.Lacking("relation does not exist");
        assertThat(reason(new Target.BackupEnd())).isEqualTo(Reason.ASSERTION_FAILED);
    }

    @Test
    void damageThatVerifyFindsElsewhereIsToldAndSaysNothingOfThisBackup() {
        world.backups = List.of(FakeTools.backup("20261121-160000F"), FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.OK);
        assertThat(report.conclusion().message()).contains("20261121-160000F is listed and was not looked at");
        assertThat(check(report, Check.VERIFY).outcome()).isEqualTo(Check.Outcome.FAILED);
    }

    @Test
    void damageThatVerifyFindsInTheTestedChainFailsTheTest() {
        world.verification = new Verification(
                Optional.empty(),
                List.of(new Verification.SetStatus(FakeTools.LABEL, "invalid", "missing: 1")),
                List.of());

        ProofReport report = prove(new Target.BackupEnd());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.BACKUP_DAMAGED);
        assertThat(report.conclusion().message()).contains("missing: 1");
    }

    @Test
    void aVerifyThatCouldNotRunOrRanLatelyIsNotRunAndSaysWhy() {
        world.verification = Verification.unread("it took too long");
        ProofReport report = prove(new Target.BackupEnd());
        assertThat(report.conclusion().reason()).isEqualTo(Reason.OK);
        assertThat(check(report, Check.VERIFY)).isEqualTo(Check.notRun(Check.VERIFY, "it took too long"));

        earlier.verified = Optional.of(Instant.now());
        assertThat(check(prove(new Target.BackupEnd()), Check.VERIFY).detail()).contains("due again PT24H");
    }

    @Test
    void aRestorePointThatWasNotRecoveredIsMeasuredLoss() {
        world.log = FakeTools.log(
                "LOG:  restored log file \"000000010000000000000005\" from archive",
                "LOG:  last completed transaction was at log time 2026-11-22 16:20:00.000000+00",
                "LOG:  archive recovery complete");
        world.replayed = "0/5000100";
        earlier.markers = List.of(new Marker("late", Lsn.parse("0/6000000"), Instant.parse("2026-11-22T16:21:30Z")));

        ProofReport report = prove(new Target.Latest());

        assertThat(report.content().loss().orElseThrow().lost()).isEqualTo(Duration.ofSeconds(90));

        earlier.markers = List.of(new Marker("early", Lsn.parse("0/4000000"), Instant.parse("2026-11-22T16:21:30Z")));
        assertThat(prove(new Target.Latest()).content().loss().orElseThrow().lost())
                .isZero();
        assertThat(prove(new Target.BackupEnd()).content().loss()).isEmpty();
    }

    private static Demands demanding(String answer, Assertion.Severity severity) {
        return new Demands(
                Optional.of("a file"),
                List.of(new Assertion(
                        "one", "shop", "select one", new Expectation.Text(answer), severity, Duration.ofMinutes(1))),
                false);
    }

    private static Check check(ProofReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ArchiveListing without(int number) {
        TreeMap<String, ArchiveListing.Stamp> files =
                new TreeMap<>(FakeTools.listing(1, 5).files());
        files.remove(FakeTools.path(1, number));
        return new ArchiveListing(files);
    }

    private Reason reason(Target target) {
        return prove(target).conclusion().reason();
    }

    private ProofReport prove(Target target) {
        return prove(target, new ProofProgress());
    }

    private ProofReport prove(Target target, ProofProgress progress) {
        return prove(world, target, Optional.empty(), progress);
    }

    private ProofReport prove(Target target, String label) {
        return prove(world, target, Optional.of(label), new ProofProgress());
    }

    private ProofReport prove(FakeTools world, Target target, Optional<String> label, ProofProgress progress) {
        TestOrder order = new TestOrder(
                UUID.randomUUID(), FakeTools.STANZA, OptionalInt.empty(), label, Selection.NEWEST, target);
        return new RestoreProof(world.tools(), earlier, Clock.systemUTC(), FakeTools.limits()).prove(order, progress);
    }
}
