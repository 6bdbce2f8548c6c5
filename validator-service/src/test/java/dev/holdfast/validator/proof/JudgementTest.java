package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judgement over recovery logs of real servers: a baseline and one fault each. */
class JudgementTest {

    private static final long SIZE = 16L << 20;
    private static final Backup INCR = new Backup(
            "20261122-161022F_20261122-161025I",
            "incr",
            List.of("20261122-161022F"),
            "15-1",
            1,
            Optional.of(segment(6)),
            Optional.of(segment(7)),
            Optional.of(Lsn.parse("0/7000050")),
            Instant.parse("2026-11-22T16:10:25Z"),
            Instant.parse("2026-11-22T16:10:26Z"),
            35_000_000,
            false,
            "15",
            "7711028887553986772");

    @Test
    void aHealthyRecoveryReachesTheArchivesEnd() {
        assertThat(living("healthy-latest", new Target.Latest(), "0/C000000", 11))
                .isInstanceOf(Judgement.Reached.class);
    }

    @Test
    void aPromotionAtAHoleDoesNotReachTheArchivesEnd() {
        Judgement judgement = living("segment-missing-behind-backup", new Target.Latest(), "0/8189FD0", 11);

        assertThat(missed(judgement).reason()).isEqualTo(Reason.TARGET_NOT_REACHED);
        assertThat(missed(judgement).message()).contains("00000001000000000000000B");
    }

    @Test
    void aPromotionAtADamagedSegmentIsDamage() {
        Judgement judgement = living("segment-damaged", new Target.Latest(), "0/8189FD0", 11);

        assertThat(missed(judgement).reason()).isEqualTo(Reason.WAL_DAMAGED);
        assertThat(missed(judgement).message()).contains("[042]").contains("000000010000000000000009");
    }

    @Test
    void aTimeIsReachedWhenRecoveryStopsAtTheFirstCommitBehindIt() {
        Target.Time time = new Target.Time(Instant.parse("2026-11-22T16:10:29Z"));

        assertThat(living("time-reached", time, "0/A04AE78", 12)).isInstanceOf(Judgement.Reached.class);
    }

    @Test
    void aTimeIsNotReachedWhenRecoveryStoppedForAnotherReason() {
        Target.Time time = new Target.Time(Instant.parse("2026-11-22T16:10:29Z"));

        assertThat(missed(living("lsn-reached", time, "0/9000028", 12)).reason())
                .isEqualTo(Reason.TARGET_NOT_REACHED);
    }

    @Test
    void aPositionIsReachedWhenRecoveryStopsBehindIt() {
        Target.AtLsn target = new Target.AtLsn(Lsn.parse("0/9000000"));

        assertThat(living("lsn-reached", target, "0/9000060", 12)).isInstanceOf(Judgement.Reached.class);
        assertThat(missed(living("lsn-reached", target, "0/8FFFFF0", 12)).reason())
                .isEqualTo(Reason.TARGET_NOT_REACHED);
    }

    @Test
    void theBackupsEndIsNotReachedByARecoveryThatWentOn() {
        assertThat(missed(living("healthy-latest", new Target.BackupEnd(), "0/C000000", 11))
                        .reason())
                .isEqualTo(Reason.TARGET_NOT_REACHED);
    }

    @Test
    void anotherNameThanTheOneAskedForIsNotReached() {
        assertThat(missed(living("time-reached", new Target.Name("point"), "0/A04AE78", 12))
                        .reason())
                .isEqualTo(Reason.TARGET_NOT_REACHED);
    }

    @Test
    void aTimeBehindACompleteArchiveIsUnreachable() {
        Conclusion conclusion = dead("time-behind-archive", new Target.Time(Instant.parse("2026-11-22T18:10:29Z")), 12);

        assertThat(conclusion.reason()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(conclusion.message()).contains("2026-11-22T16:10:30.731121Z");
    }

    @Test
    void aTimeBehindAHoleIsAGap() {
        Judgement.Facts facts = facts(
                "time-behind-archive",
                new Target.Time(Instant.parse("2026-11-22T18:10:29Z")),
                WalWalk.over(segment(6), Optional.empty(), without(9, 12), Timelines.only(1), SIZE));

        assertThat(Judgement.ofDeadServer(facts).reason()).isEqualTo(Reason.WAL_GAP);
    }

    @Test
    void aServerThatDiesOfASettingDidNotStart() {
        Conclusion conclusion = dead("settings-too-low", new Target.Latest(), 11);

        assertThat(conclusion.reason()).isEqualTo(Reason.START_FAILED);
        assertThat(conclusion.message()).contains("max_connections = 10");
    }

    @Test
    void aServerWhoseBackupLacksASegmentDidNotStart() {
        assertThat(dead("segment-missing-immediate", new Target.BackupEnd(), 11).reason())
                .isEqualTo(Reason.START_FAILED);
    }

    @Test
    void aToolThatMayNotFetchIsAMatterOfConfiguration() {
        Conclusion conclusion = Judgement.ofDeadServer(hindered(Reason.CONFIGURATION));

        assertThat(conclusion.reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(conclusion.message()).contains("[037]", "repo1-cipher-pass");
    }

    @Test
    void whateverKeepsWalFromBeingFetchedIsNoDamageUnlessItIsKnownToBe() {
        assertThat(Judgement.ofDeadServer(hindered(Reason.SANDBOX)).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(missed(Judgement.ofLivingServer(hindered(Reason.SANDBOX), Optional.of(Lsn.parse("0/7000050"))))
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Judgement.ofDeadServer(hindered(Reason.WAL_DAMAGED)).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unexpected pageaddr 0/8000000 in log segment 000000010000000000000009, offset 0",
                "invalid magic number 0000 in log segment 000000010000000000000009, offset 0",
                "out-of-sequence timeline ID 1 (after 2) in log segment 000000010000000000000009, offset 0",
                "invalid record length at 0/9000028: wanted 24, got 7",
                "syntax error in history file: x",
                "archive file \"000000010000000000000009\" has wrong size: 8000000 instead of 16777216"
            })
    void aSegmentThatPostgresqlRefusesIsDamage(String complaint) {
        assertThat(Judgement.ofDeadServer(complaining(complaint)).reason()).isEqualTo(Reason.WAL_DAMAGED);
    }

    @Test
    void aHistoryThatDoesNotFitTheBackupIsDamageOfItsFile() {
        Conclusion conclusion = Judgement.ofDeadServer(
                dying(
                        "FATAL:  requested timeline 2 is not a child of this server's history",
                        "DETAIL:  Latest checkpoint is at 0/6000060 on timeline 2, but in the history of the requested timeline, the server forked off from that timeline at 0/5000000."));

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_DAMAGED);
        assertThat(conclusion.message()).contains("00000002.history", "Latest checkpoint is at 0/6000060");
    }

    @Test
    void anArchiveOfWhichNothingIsFoundIsOneThatItsRecordDoesNotLeadTo() {
        Conclusion conclusion = Judgement.ofDeadServer(
                dying("LOG:  database system was interrupted", "FATAL:  could not locate required checkpoint record"));

        assertThat(conclusion.reason()).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(conclusion.message()).contains("archive.info", "15-1", "000000010000000000000006");
        assertThat(conclusion.spoiled().neededBy(INCR)).isPresent();
    }

    @Test
    void aLogThatEndsWithoutASwitchIsNoDamage() {
        RecoveryLog log = Recorded.serverLog("healthy-latest");
        log.add("LOG:  invalid record length at 0/C000060: wanted 24, got 0");
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, 11), Timelines.only(1), SIZE);

        assertThat(Judgement.ofLivingServer(
                        new Judgement.Facts(plan(new Target.Latest()), walk, log, SIZE, Optional.empty()),
                        Optional.of(Lsn.parse("0/C000000"))))
                .isInstanceOf(Judgement.Reached.class);
    }

    private static Judgement.Facts complaining(String complaint) {
        RecoveryLog log = new RecoveryLog();
        log.add("2026-11-22 16:13:31.750 UTC [1] LOG:  " + complaint);
        log.add("2026-11-22 16:13:31.751 UTC [1] FATAL:  WAL ends before end of online backup");
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, 11), Timelines.only(1), SIZE);
        return new Judgement.Facts(plan(new Target.Latest()), walk, log, SIZE, Optional.empty());
    }

    private static Judgement.Facts dying(String... lines) {
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, 11), Timelines.only(1), SIZE);
        return new Judgement.Facts(plan(new Target.Latest()), walk, FakeTools.log(lines), SIZE, Optional.empty());
    }

    private static Judgement.Facts hindered(Reason meaning) {
        RecoveryLog log = new RecoveryLog();
        log.add("ERROR: [037]: archive-get command requires option: repo1-cipher-pass");
        log.add("       HINT: is it set?");
        log.add("2026-11-22 16:13:31.751 UTC [1] FATAL:  could not locate required checkpoint record");
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, 11), Timelines.only(1), SIZE);
        return new Judgement.Facts(plan(new Target.Latest()), walk, log, SIZE, Optional.of(meaning));
    }

    private static Judgement living(String log, Target target, String replayed, int lastArchived) {
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, lastArchived), Timelines.only(1), SIZE);
        return Judgement.ofLivingServer(facts(log, target, walk), Optional.of(Lsn.parse(replayed)));
    }

    private static Conclusion dead(String log, Target target, int lastArchived) {
        WalWalk walk = WalWalk.over(segment(6), Optional.empty(), without(0, lastArchived), Timelines.only(1), SIZE);
        return Judgement.ofDeadServer(facts(log, target, walk));
    }

    private static Judgement.Facts facts(String log, Target target, WalWalk walk) {
        RecoveryLog recorded = Recorded.serverLog(log);
        return new Judgement.Facts(
                plan(target), walk, recorded, SIZE, recorded.archiveError().map(_ -> Reason.WAL_DAMAGED));
    }

    private static BackupEngine.Plan plan(Target target) {
        TestOrder order =
                new TestOrder(UUID.randomUUID(), "fx", OptionalInt.empty(), Optional.empty(), Selection.NEWEST, target);
        return new BackupEngine.Plan(order, INCR, target, Timelines.only(1));
    }

    private static Conclusion missed(Judgement judgement) {
        assertThat(judgement).isInstanceOf(Judgement.Missed.class);
        return ((Judgement.Missed) judgement).conclusion();
    }

    private static NavigableSet<WalSegment> without(int missing, int last) {
        NavigableSet<WalSegment> segments = new TreeSet<>();
        for (int number = 1; number <= last; number++) {
            if (number != missing) {
                segments.add(segment(number));
            }
        }
        return segments;
    }

    private static WalSegment segment(int number) {
        return new WalSegment(1, 0, number);
    }
}
