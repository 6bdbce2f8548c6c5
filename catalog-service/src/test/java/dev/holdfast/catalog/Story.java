package dev.holdfast.catalog;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.events.Requester;
import dev.holdfast.events.Verdict;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/**
 * Everything that can happen to a stanza, as events in an order in which they may have been published.
 *
 * @param stanza the stanza
 * @param proven a request whose backup was proven
 * @param test the test that proved it
 * @param failed a request whose run failed
 * @param rejected a request that came too late, and was later seen again
 * @param unserved a request that nobody took
 * @param lost a request whose run fell silent
 * @param running a request whose run goes on
 * @param cancelled a request that was stopped
 * @param disproven a restore test that failed
 * @param events all of it
 */
record Story(
        String stanza,
        UUID proven,
        UUID test,
        UUID failed,
        UUID rejected,
        UUID unserved,
        UUID lost,
        UUID running,
        UUID cancelled,
        UUID disproven,
        List<SpecificRecord> events) {

    static final String LABEL = "20261122-020003F";
    static final String EXPIRED = "20261101-020003F";
    static final String VANISHED = "20261102-020003F";
    static final String DISCOVERED = "20261103-020003F";
    static final String DISPROVEN = "20261104-020003F";

    /** Tells it of a stanza. */
    static Story of(String stanza) {
        List<SpecificRecord> events = new ArrayList<>();
        events.add(Events.runnerAnnounced("pool-of-" + stanza, stanza).build());
        events.add(PolicyEvents.policy(stanza).build());
        events.add(PolicyEvents.policyChanged(stanza).build());
        UUID test = UUID.randomUUID();
        UUID proven = requested(stanza, events);
        provenBackup(stanza, proven, test, events);
        UUID failed = requested(stanza, events);
        events.add(Events.backupStarted(stanza, failed).build());
        events.add(Events.backupFailed(stanza, failed).build());
        UUID rejected = requested(stanza, events);
        events.add(Events.backupRejected(stanza, rejected).build());
        UUID unserved = requested(stanza, events);
        events.add(PolicyEvents.requestUnserved(stanza, unserved).build());
        UUID lost = requested(stanza, events);
        lostRun(stanza, lost, events);
        UUID running = requested(stanza, events);
        events.add(Events.backupStarted(stanza, running).build());
        events.add(Events.backupProgressed(stanza, running).build());
        UUID cancelled = requested(stanza, events);
        events.add(Events.cancelRequested(stanza, cancelled).build());
        events.add(Events.backupRejected(stanza, cancelled)
                .setRejection(dev.holdfast.events.RejectionReason.CANCELLED)
                .build());
        otherSets(stanza, events);
        UUID disproven = disprovenTest(stanza, events);
        observations(stanza, events);
        return new Story(
                stanza,
                proven,
                test,
                failed,
                rejected,
                unserved,
                lost,
                running,
                cancelled,
                disproven,
                List.copyOf(events));
    }

    private static UUID requested(String stanza, List<SpecificRecord> events) {
        BackupRequested request = Events.backupRequested(stanza).build();
        events.add(request);
        return request.getRequestId();
    }

    private static void provenBackup(String stanza, UUID request, UUID test, List<SpecificRecord> events) {
        events.add(PolicyEvents.slotConcluded(stanza, request).build());
        events.add(Events.backupStarted(stanza, request).build());
        // another runner was later: its claim of the same attempt is void
        events.add(Events.backupStarted(stanza, request).setRunner("runner-2").build());
        events.add(Events.backupRejected(stanza, request)
                .setRejection(dev.holdfast.events.RejectionReason.DUPLICATE)
                .setDetail("seen before")
                .build());
        events.add(PolicyEvents.requestUnserved(stanza, request).build());
        Instant finished = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        events.add(Events.backupCompleted(stanza, request)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished)
                .build());
        events.add(Events.restorePointCreated(stanza, "after-" + request)
                .setRequestId(request)
                .build());
        events.add(ProofEvents.restoreTestRequested(stanza)
                .setRequestId(request)
                .setTestId(test)
                .setBackupLabel(LABEL)
                .build());
        events.add(ProofEvents.restoreTestStarted(stanza, request, test).build());
        events.add(ProofEvents.restoreTestProgressed(stanza, request, test).build());
        events.add(ProofEvents.restoreTestCompleted(stanza, request, test)
                .setEvidence("{\"payloadType\":\"application/vnd.in-toto+json\"}")
                .setEvidenceSha256("ab".repeat(32))
                .build());
    }

    private static void lostRun(String stanza, UUID request, List<SpecificRecord> events) {
        events.add(Events.backupStarted(stanza, request)
                .setOccurredAt(Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MICROS))
                .build());
        events.add(PolicyEvents.requestUnserved(stanza, request)
                .setUnserved(dev.holdfast.events.UnservedReason.RUN_LOST)
                .setDetail("no heartbeat for 15 minutes")
                .build());
    }

    private static void otherSets(String stanza, List<SpecificRecord> events) {
        Instant old = Instant.now().minus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
        for (String label : List.of(EXPIRED, VANISHED, DISCOVERED)) {
            events.add(Events.backupDiscovered(stanza, label)
                    .setStartedAt(old)
                    .setFinishedAt(old.plusSeconds(10))
                    .build());
        }
        events.add(Events.backupExpired(stanza, EXPIRED).build());
        events.add(Events.backupVanished(stanza, VANISHED).build());
    }

    private static UUID disprovenTest(String stanza, List<SpecificRecord> events) {
        var request = ProofEvents.restoreTestRequested(stanza)
                .setBackupLabel(DISPROVEN)
                .setRequestedBy(new Requester("grace", PrincipalSource.OIDC))
                .build();
        Instant old = Instant.now().minus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);
        events.add(Events.backupDiscovered(stanza, DISPROVEN)
                .setStartedAt(old)
                .setFinishedAt(old.plusSeconds(10))
                .build());
        events.add(request);
        events.add(ProofEvents.restoreTestStarted(stanza, request.getRequestId(), request.getTestId())
                .setLabel(DISPROVEN)
                .build());
        events.add(ProofEvents.restoreTestCompleted(stanza, request.getRequestId(), request.getTestId())
                .setLabel(DISPROVEN)
                .setVerdict(Verdict.FAILED)
                .setReasonCode("WAL_GAP")
                .setReason("a segment is missing")
                .setFinishedAt(old.plusSeconds(60))
                .build());
        return request.getTestId();
    }

    private static void observations(String stanza, List<SpecificRecord> events) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        events.add(Events.repositoryObserved(stanza).setBackups(List.of()).build());
        events.add(Events.repositoryObserved(stanza)
                .setWindows(List.of(new RecoverableWindow(
                        now.minus(Duration.ofMinutes(59)),
                        now,
                        LABEL,
                        "000000010000000000000004",
                        "000000010000000000000009",
                        1)))
                .build());
        events.add(PolicyEvents.objectiveBreached(stanza).build());
        events.add(PolicyEvents.objectiveMet(stanza).build());
        events.add(PolicyEvents.objectiveBreached(stanza)
                .setObjective(ObjectiveKind.RPO)
                .build());
        events.add(ProofEvents.proofCoverageObserved(stanza).build());
    }
}
