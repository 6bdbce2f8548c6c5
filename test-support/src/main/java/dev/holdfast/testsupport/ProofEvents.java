package dev.holdfast.testsupport;

import dev.holdfast.events.Check;
import dev.holdfast.events.CheckOutcome;
import dev.holdfast.events.Isolation;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.TargetKind;
import dev.holdfast.events.TargetReached;
import dev.holdfast.events.TrustRung;
import dev.holdfast.events.Verdict;
import java.util.List;
import java.util.UUID;

/** Events of restore tests with sensible values, each as a builder for the test to adapt. */
public final class ProofEvents {

    private ProofEvents() {}

    /** A request to restore the newest backup to its end. */
    public static RestoreTestRequested.Builder restoreTestRequested(String stanza) {
        return RestoreTestRequested.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(UUID.randomUUID())
                .setProducer(Events.producer("scheduler"))
                .setTestId(UUID.randomUUID())
                .setTarget(backupEnd())
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(Events.requester())
                .setReason("does it restore?");
    }

    /** The first claim of a test. */
    public static RestoreTestStarted.Builder restoreTestStarted(String stanza, UUID requestId, UUID testId) {
        return RestoreTestStarted.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("validator"))
                .setTestId(testId)
                .setAttempt(1)
                .setValidator("validator-1")
                .setPool("pool-1")
                .setLabel(Events.LABEL)
                .setTarget(backupEnd())
                .setSandbox("docker");
    }

    /** A sign of life during the restore. */
    public static RestoreTestProgressed.Builder restoreTestProgressed(String stanza, UUID requestId, UUID testId) {
        return RestoreTestProgressed.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("validator"))
                .setTestId(testId)
                .setAttempt(1)
                .setPhase("restore")
                .setBytesDone(20_000_000L);
    }

    /** A passed test of a full backup, content checked, ready after four seconds. */
    public static RestoreTestCompleted.Builder restoreTestCompleted(String stanza, UUID requestId, UUID testId) {
        return RestoreTestCompleted.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("validator"))
                .setTestId(testId)
                .setAttempt(1)
                .setVerdict(Verdict.PASSED)
                .setReasonCode("OK")
                .setReason("restored, reached the backup's end, content checked")
                .setRung(TrustRung.CONTENT_CHECKED)
                .setLabel(Events.LABEL)
                .setRepository(1)
                .setChain(List.of(Events.LABEL))
                .setChainShape("FULL")
                .setTarget(backupEnd())
                .setReached(new TargetReached("0/5000100", Events.now(), 1, null, "000000010000000000000005"))
                .setChecks(List.of(
                        new Check("restore", CheckOutcome.PASSED, 1_500L, "40 MB"),
                        new Check("amcheck", CheckOutcome.PASSED, 800L, "no damage")))
                .setStartedAt(Events.now().minusSeconds(6))
                .setFinishedAt(Events.now())
                .setBytesRestored(40_000_000L)
                .setFetchMillis(300L)
                .setRestoreMillis(1_500L)
                .setReplayMillis(900L)
                .setReadyMillis(4_000L)
                .setPostgresqlVersion("15.18")
                .setPgbackrestVersion("2.45")
                .setSandbox("docker")
                .setImageDigest("sha256:" + "d".repeat(64))
                .setIsolation(isolation())
                .setRequestedBy(Events.requester())
                .setOrigin(RequestOrigin.AD_HOC);
    }

    /** Half of two backups proven in thirty days. */
    public static ProofCoverageObserved.Builder proofCoverageObserved(String stanza) {
        return ProofCoverageObserved.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setProducer(Events.producer("scheduler"))
                .setDays(30)
                .setBackupsRetained(2)
                .setBackupsProven(1)
                .setChainShapesRetained(List.of("FULL", "FULL+INCR"))
                .setChainShapesProven(List.of("FULL"))
                .setWindowMinutes(600)
                .setWindowMinutesProven(300);
    }

    private static RestoreTarget backupEnd() {
        return new RestoreTarget(TargetKind.BACKUP_END, null);
    }

    private static Isolation isolation() {
        return Isolation.newBuilder()
                .setNetwork("none")
                .setMounts(List.of("/repo:ro"))
                .setUser("101:104")
                .setReadOnlyRoot(true)
                .setCapabilities("none")
                .setNoNewPrivileges(true)
                .build();
    }
}
