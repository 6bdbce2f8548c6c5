package dev.holdfast.catalog.browser;

import dev.holdfast.events.ArchiverState;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Check;
import dev.holdfast.events.CheckOutcome;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.Verdict;
import dev.holdfast.events.WalGap;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A fleet with a month behind it: one stanza where all is well, one in trouble, one that nobody has proven, one that never had a backup. Built around the
 * present, so that ages are what a reader would see.
 */
final class Fleet {

    static final String GOOD = "orders";
    static final String TROUBLED = "billing";
    static final String UNPROVEN = "inventory";
    static final String EMPTY = "telemetry";

    private static final int DAYS = 30;
    private static final int KEPT_DAYS = 15;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<Told> told = new ArrayList<>();
    private UUID test = UUID.randomUUID();
    private UUID failedTest = UUID.randomUUID();
    private UUID failedRequest = UUID.randomUUID();
    private UUID provenRequest = UUID.randomUUID();
    private String fullLabel = "";
    private String newestLabel = "";
    private String disprovenLabel = "";

    /**
     * An event and when the log took it.
     *
     * @param at the record's timestamp
     * @param event the event
     */
    record Told(Instant at, SpecificRecord event) {}

    private Fleet() {}

    static Fleet ofAMonth() {
        Fleet fleet = new Fleet();
        fleet.good();
        fleet.troubled();
        fleet.unproven();
        fleet.empty();
        fleet.strays();
        return fleet;
    }

    List<Told> told() {
        return List.copyOf(told);
    }

    /** A month that lies in what is told. */
    YearMonth month() {
        return YearMonth.from(now.minus(5, ChronoUnit.DAYS).atZone(ZoneOffset.UTC));
    }

    /** An instant that the good stanza can be restored to. */
    Instant yesterday() {
        return now.minus(1, ChronoUnit.DAYS);
    }

    /** An instant that the troubled stanza cannot be restored to, for WAL is missing. */
    Instant inTheGap() {
        return night(4);
    }

    /** The last passed test of the good stanza. */
    UUID test() {
        return test;
    }

    /** A test that failed. */
    UUID failedTest() {
        return failedTest;
    }

    /** A request whose run failed. */
    UUID failedRequest() {
        return failedRequest;
    }

    /** The request that {@link #test()} belongs to. */
    UUID provenRequest() {
        return provenRequest;
    }

    /** The newest full of the good stanza. */
    String fullLabel() {
        return fullLabel;
    }

    /** The newest backup of the good stanza. */
    String newestLabel() {
        return newestLabel;
    }

    /** A backup that does not restore. */
    String disprovenLabel() {
        return disprovenLabel;
    }

    private void tell(Instant at, SpecificRecord event) {
        told.add(new Told(at, event));
    }

    /** At two in the morning, so many days ago. */
    private Instant night(int daysAgo) {
        Instant tonight = now.truncatedTo(ChronoUnit.DAYS).plus(2, ChronoUnit.HOURS);
        Instant last = tonight.isAfter(now.minus(1, ChronoUnit.HOURS)) ? tonight.minus(1, ChronoUnit.DAYS) : tonight;
        return last.minus(daysAgo, ChronoUnit.DAYS);
    }

    private void good() {
        policy(GOOD);
        String full = "";
        for (int day = DAYS; day >= 0; day--) {
            Instant due = night(day);
            boolean isFull = full.isEmpty() || day % 7 == 0;
            String label = STAMP.format(due.plusSeconds(4)) + (isFull ? "F" : "D");
            String name = isFull ? label : full + "_" + label;
            UUID request = nightly(GOOD, due, isFull, name, full, DAYS - day);
            if (isFull) {
                full = name;
                fullLabel = name;
            }
            newestLabel = name;
            if (isFull || day % 3 == 0) {
                test = passed(GOOD, request, name, due.plus(1, ChronoUnit.HOURS), DAYS - day);
                provenRequest = request;
            }
            if (day > KEPT_DAYS) {
                tell(
                        due.plus(KEPT_DAYS, ChronoUnit.DAYS),
                        Events.backupExpired(GOOD, name)
                                .setOccurredAt(due.plus(KEPT_DAYS, ChronoUnit.DAYS))
                                .build());
            }
        }
        for (int week = 3; week >= 0; week--) {
            Instant at = night(week * 4).plus(9, ChronoUnit.HOURS);
            if (at.isBefore(now)) {
                tell(
                        at,
                        Events.restorePointCreated(GOOD, "release-4." + (9 - week))
                                .setCreatedAt(at)
                                .setOccurredAt(at)
                                .build());
            }
        }
        Instant first = night(KEPT_DAYS);
        tell(
                now,
                Events.repositoryObserved(GOOD)
                        .setWindows(List.of(new RecoverableWindow(
                                first.plusSeconds(1),
                                now.minusSeconds(45),
                                fullLabel,
                                segment(0),
                                segment(DAYS * 4 + 4),
                                1)))
                        .setArchiveMin(segment(0))
                        .setArchiveMax(segment(DAYS * 4 + 4))
                        .setRepositoryBytes(212_000_000_000L)
                        .setRetention(Map.of("repo1-retention-full", "3", "repo1-retention-diff", "12"))
                        .build());
        met(GOOD, ObjectiveKind.BACKUP_AGE, 93_600, 31_000);
        met(GOOD, ObjectiveKind.PROOF_AGE, 691_200, 130_000);
        met(GOOD, ObjectiveKind.RPO, 900, 45);
        met(GOOD, ObjectiveKind.RTO, 3_600, 1_260);
        tell(now, ProofEvents.proofCoverageObserved(GOOD).build());
    }

    private void policy(String stanza) {
        Instant then = night(DAYS).minus(1, ChronoUnit.HOURS);
        tell(now, Events.runnerAnnounced("db-" + stanza, stanza).build());
        tell(then, PolicyEvents.policy(stanza).setOccurredAt(then).build());
        tell(then, PolicyEvents.policyChanged(stanza).setOccurredAt(then).build());
    }

    private void met(String stanza, ObjectiveKind kind, long limit, long value) {
        tell(
                now,
                PolicyEvents.objectiveMet(stanza)
                        .setObjective(kind)
                        .setSince(night(DAYS))
                        .setLimitSeconds(limit)
                        .setValueSeconds(value)
                        .build());
    }

    private static String segment(int number) {
        return "0000000100000000%08X".formatted(number);
    }

    /** Slot, request, run and set of one night. */
    private UUID nightly(String stanza, Instant due, boolean isFull, String label, String prior, int growth) {
        UUID request = UUID.randomUUID();
        BackupType type = isFull ? BackupType.FULL : BackupType.DIFF;
        Requester scheduler = new Requester("scheduler", PrincipalSource.SCHEDULER);
        Instant from = due.plusSeconds(4);
        Instant to = from.plusSeconds(isFull ? 2_100 + 22L * growth : 240 + 9L * (growth % 7));
        tell(
                due,
                PolicyEvents.slotConcluded(stanza, request)
                        .setSchedule(isFull ? "weekly" : "daily")
                        .setSlot(due)
                        .setOccurredAt(due)
                        .setRequestedType(type)
                        .build());
        tell(
                due,
                Events.backupRequested(stanza)
                        .setRequestId(request)
                        .setType(type)
                        .setOccurredAt(due)
                        .setOrigin(RequestOrigin.SCHEDULE)
                        .setSchedule(isFull ? "weekly" : "daily")
                        .setReason("")
                        .setRequestedBy(scheduler)
                        .build());
        tell(
                from,
                Events.backupStarted(stanza, request)
                        .setRunner("db-" + stanza)
                        .setRequestedType(type)
                        .setOccurredAt(from)
                        .build());
        long size = 180_000_000_000L + 1_300_000_000L * growth;
        tell(
                to,
                Events.backupCompleted(stanza, request)
                        .setLabel(label)
                        .setRequestedType(type)
                        .setEffectiveType(type)
                        .setPrior(isFull ? null : prior)
                        .setStartedAt(from)
                        .setFinishedAt(to)
                        .setOccurredAt(to)
                        .setWalStart(segment(growth * 4))
                        .setWalStop(segment(growth * 4 + 1))
                        .setDatabaseBytes(size)
                        .setDeltaBytes(isFull ? size : size / 40 * (1 + growth % 7))
                        .setRepositoryBytes(size / 4)
                        .setRepositoryDeltaBytes(isFull ? size / 4 : size / 160 * (1 + growth % 7))
                        .setRequestedBy(scheduler)
                        .setOrigin(RequestOrigin.SCHEDULE)
                        .setReason("")
                        .build());
        return request;
    }

    private UUID passed(String stanza, UUID request, String label, Instant at, int growth) {
        UUID id = UUID.randomUUID();
        Instant end = at.plusSeconds(900 + 12L * growth);
        tell(
                at,
                ProofEvents.restoreTestRequested(stanza)
                        .setRequestId(request)
                        .setTestId(id)
                        .setBackupLabel(label)
                        .setOccurredAt(at)
                        .build());
        tell(
                at,
                ProofEvents.restoreTestStarted(stanza, request, id)
                        .setLabel(label)
                        .setOccurredAt(at)
                        .build());
        tell(
                end,
                ProofEvents.restoreTestCompleted(stanza, request, id)
                        .setLabel(label)
                        .setChain(List.of(label))
                        .setOccurredAt(end)
                        .setStartedAt(at)
                        .setFinishedAt(end)
                        .setReadyMillis(700_000L + 14_000L * growth)
                        .setFetchMillis(2_300L)
                        .setRestoreMillis(560_000L + 12_000L * growth)
                        .setReplayMillis(90_000L + 1_000L * (growth % 5))
                        .setBytesRestored(180_000_000_000L)
                        .setChecks(checks())
                        .setEvidence(
                                "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"\",\"signatures\":[]}")
                        .setEvidenceSha256("5f".repeat(32))
                        .build());
        return id;
    }

    private static List<Check> checks() {
        return List.of(
                new Check(
                        "wal-continuity",
                        CheckOutcome.PASSED,
                        310L,
                        "every segment from 0000000100000000000000E0 to 0000000100000000000000E4 is there"),
                new Check("restore", CheckOutcome.PASSED, 561_000L, "41 207 files, 180 GB"),
                new Check(
                        "target-reached",
                        CheckOutcome.PASSED,
                        92_000L,
                        "recovery stopped at 0/5000100, where it was told to"),
                new Check("dump", CheckOutcome.PASSED, 104_000L, "every table of 3 databases was read"),
                new Check("amcheck", CheckOutcome.PASSED, 88_000L, "1 204 indexes, no damage"),
                new Check("page-checksums", CheckOutcome.PASSED, 47_000L, "22 145 003 pages, none bad"),
                new Check("queries", CheckOutcome.NOT_RUN, 0L, "the policy names none"));
    }

    private void troubled() {
        policy(TROUBLED);
        String full = STAMP.format(night(9).plusSeconds(4)) + "F";
        UUID first = nightly(TROUBLED, night(9), true, full, "", 3);
        passed(TROUBLED, first, full, night(9).plus(2, ChronoUnit.HOURS), 3);
        String later = STAMP.format(night(2).plusSeconds(4)) + "F";
        disprovenLabel = later;
        UUID second = nightly(TROUBLED, night(2), true, later, "", 8);
        disproven(second, later, night(2).plus(2, ChronoUnit.HOURS));
        slot(night(8), SlotOutcome.REQUESTED, "");
        slot(night(7), SlotOutcome.SKIPPED_OVERLAP, "the backup before it was still running");
        slot(night(6), SlotOutcome.SKIPPED_BLACKOUT, "blackout month start, until 06:00 UTC");
        slot(night(5), SlotOutcome.MISSED, "no scheduler ran for 3 h; the policy says to skip what is older");
        slot(night(4), SlotOutcome.CAUGHT_UP, "the scheduler was back after 50 minutes");
        failed(night(1));
        running();
        tell(
                now,
                Events.backupVanished(TROUBLED, STAMP.format(night(16)) + "F")
                        .setOccurredAt(night(3))
                        .build());
        Instant broken = night(5);
        Instant whole = night(2).plus(40, ChronoUnit.MINUTES);
        tell(
                now,
                Events.repositoryObserved(TROUBLED)
                        .setWindows(List.of(
                                new RecoverableWindow(
                                        night(9).plus(40, ChronoUnit.MINUTES),
                                        broken,
                                        full,
                                        segment(12),
                                        segment(22),
                                        1),
                                new RecoverableWindow(
                                        whole, now.minus(3, ChronoUnit.HOURS), later, segment(32), segment(60), 1)))
                        .setGaps(List.of(new WalGap("15-1", 1, segment(23), segment(26), 4L)))
                        .setArchiveMin(segment(12))
                        .setArchiveMax(segment(60))
                        .setArchiverLagSeconds(10_800L)
                        .setArchiver(ArchiverState.newBuilder()
                                .setArchived(60)
                                .setLastArchived(segment(60))
                                .setLastArchivedAt(now.minus(3, ChronoUnit.HOURS))
                                .setFailed(0)
                                .setFailing(false)
                                .build())
                        .build());
        met(TROUBLED, ObjectiveKind.PROOF_AGE, 691_200, 170_000);
        tell(
                now,
                PolicyEvents.objectiveBreached(TROUBLED)
                        .setObjective(ObjectiveKind.RPO)
                        .setSince(now.minus(2, ChronoUnit.HOURS))
                        .setLimitSeconds(900)
                        .setValueSeconds(10_800L)
                        .build());
    }

    private void slot(Instant due, SlotOutcome outcome, String reason) {
        @Nullable
        UUID request = outcome == SlotOutcome.REQUESTED || outcome == SlotOutcome.CAUGHT_UP ? UUID.randomUUID() : null;
        if (request != null) {
            tell(
                    due,
                    Events.backupRequested(TROUBLED)
                            .setRequestId(request)
                            .setOccurredAt(due)
                            .build());
            tell(
                    due.plusSeconds(60),
                    Events.backupRejected(TROUBLED, request)
                            .setOccurredAt(due.plusSeconds(60))
                            .build());
        }
        tell(
                due,
                PolicyEvents.slotConcluded(TROUBLED, UUID.randomUUID())
                        .setRequestId(request)
                        .setSchedule("daily")
                        .setSlot(due)
                        .setOccurredAt(due)
                        .setOutcome(outcome)
                        .setReason(reason)
                        .setRequestedType(request == null ? null : BackupType.DIFF)
                        .build());
    }

    private void disproven(UUID request, String label, Instant at) {
        tell(
                at,
                ProofEvents.restoreTestRequested(TROUBLED)
                        .setRequestId(request)
                        .setTestId(failedTest)
                        .setBackupLabel(label)
                        .setOccurredAt(at)
                        .build());
        tell(
                at.plusSeconds(600),
                ProofEvents.restoreTestCompleted(TROUBLED, request, failedTest)
                        .setLabel(label)
                        .setChain(List.of(label))
                        .setVerdict(Verdict.FAILED)
                        .setReasonCode("CONTENT_DAMAGED")
                        .setReason("pg_amcheck found damage in index invoices_pkey of database billing")
                        .setStartedAt(at)
                        .setFinishedAt(at.plusSeconds(600))
                        .setOccurredAt(at.plusSeconds(600))
                        .setChecks(List.of(
                                new Check("restore", CheckOutcome.PASSED, 320_000L, "12 004 files, 61 GB"),
                                new Check(
                                        "amcheck",
                                        CheckOutcome.FAILED,
                                        12_000L,
                                        "index invoices_pkey: item order invariant violated"),
                                new Check(
                                        "page-checksums",
                                        CheckOutcome.NOT_RUN,
                                        0L,
                                        "checksums are off in this cluster")))
                        .build());
    }

    private void failed(Instant due) {
        tell(
                due,
                PolicyEvents.slotConcluded(TROUBLED, failedRequest)
                        .setSchedule("daily")
                        .setSlot(due)
                        .setOccurredAt(due)
                        .setRequestedType(BackupType.DIFF)
                        .build());
        tell(
                due,
                Events.backupRequested(TROUBLED)
                        .setRequestId(failedRequest)
                        .setOccurredAt(due)
                        .setType(BackupType.DIFF)
                        .setOrigin(RequestOrigin.SCHEDULE)
                        .setSchedule("daily")
                        .setReason("")
                        .build());
        tell(
                due.plusSeconds(3),
                Events.backupStarted(TROUBLED, failedRequest)
                        .setOccurredAt(due.plusSeconds(3))
                        .build());
        tell(
                due.plusSeconds(64),
                Events.backupFailed(TROUBLED, failedRequest)
                        .setOccurredAt(due.plusSeconds(64))
                        .setStartedAt(due.plusSeconds(3))
                        .setExitCode(82)
                        .setErrorName("archive-timeout")
                        .setMessage("WAL segment 000000010000000000000017 was not archived before the 60000ms timeout")
                        .setHint(
                                "Check the archive_command on the database host: holdfast doctor --stanza billing says what is wrong with it.")
                        .setLogTail(
                                "INFO: backup command begin 2.45\nERROR: [082]: WAL segment 000000010000000000000017 was not archived before the 60000ms timeout\nINFO: backup command end: aborted with exception [082]")
                        .build());
    }

    private void running() {
        UUID request = UUID.randomUUID();
        Instant at = now.minus(4, ChronoUnit.MINUTES);
        tell(
                at,
                Events.backupRequested(TROUBLED)
                        .setRequestId(request)
                        .setOccurredAt(at)
                        .setRequestedBy(new Requester("grace", PrincipalSource.OIDC))
                        .setReason("before the migration to 16")
                        .build());
        tell(
                at.plusSeconds(2),
                Events.backupStarted(TROUBLED, request)
                        .setOccurredAt(at.plusSeconds(2))
                        .build());
        tell(now, Events.backupProgressed(TROUBLED, request).setPercent(62.0).build());
    }

    private void unproven() {
        policy(UNPROVEN);
        for (int day = 3; day >= 1; day--) {
            Instant at = night(day).plus(Duration.ofHours(3));
            tell(
                    at,
                    Events.backupDiscovered(UNPROVEN, STAMP.format(at) + "F")
                            .setOccurredAt(at.plusSeconds(900))
                            .setStartedAt(at)
                            .setFinishedAt(at.plusSeconds(840))
                            .setStatus(BackupStatus.COMPLETE)
                            .build());
        }
        tell(
                now,
                Events.repositoryObserved(UNPROVEN)
                        .setWindows(List.of(window(night(3), now)))
                        .build());
        queued();
    }

    /** A backup and a restore test that wait for a free place. */
    private void queued() {
        Instant due = now.minus(12, ChronoUnit.MINUTES);
        tell(
                due,
                PolicyEvents.requestQueued(UNPROVEN, UUID.randomUUID())
                        .setOccurredAt(due)
                        .setSince(due)
                        .build());
        tell(
                due,
                PolicyEvents.requestQueued(UNPROVEN, UUID.randomUUID())
                        .setKind(RequestKind.RESTORE_TEST)
                        .setTestId(UUID.randomUUID())
                        .setOccurredAt(due)
                        .setSince(due)
                        .build());
    }

    private static RecoverableWindow window(Instant from, Instant to) {
        return new RecoverableWindow(from.plus(Duration.ofHours(4)), to, "20261122-020003F", segment(1), segment(9), 1);
    }

    private void empty() {
        policy(EMPTY);
    }

    private void strays() {
        UUID request = UUID.randomUUID();
        Instant at = now.minus(3, ChronoUnit.HOURS);
        tell(
                at,
                Events.backupRequested("payroll")
                        .setRequestId(request)
                        .setOccurredAt(at)
                        .build());
        tell(
                at.plusSeconds(600),
                PolicyEvents.requestUnserved("payroll", request)
                        .setOccurredAt(at.plusSeconds(600))
                        .build());
    }
}
