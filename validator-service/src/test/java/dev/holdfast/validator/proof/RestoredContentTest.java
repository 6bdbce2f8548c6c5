package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the content of the restored cluster, and the archive beside it, mean for a proof that reached its target. */
class RestoredContentTest extends ProofInFakeWorld {

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

    private static ArchiveListing without(int number) {
        TreeMap<String, ArchiveListing.Stamp> files =
                new TreeMap<>(FakeTools.listing(1, 5).files());
        files.remove(FakeTools.path(1, number));
        return new ArchiveListing(files);
    }

    private static Check check(ProofReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
