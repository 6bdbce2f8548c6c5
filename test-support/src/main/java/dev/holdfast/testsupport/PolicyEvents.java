package dev.holdfast.testsupport;

import dev.holdfast.events.AfterBackup;
import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyChanged;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.QueueCause;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestQueued;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestSchedule;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.UnservedReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Events of the scheduler with sensible values, each as a builder for the test to adapt. */
public final class PolicyEvents {

    private static final String DIGEST = "e".repeat(64);

    private PolicyEvents() {}

    /** The first policy of a stanza, in force. */
    public static Policy.Builder policy(String stanza) {
        return Policy.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setProducer(Events.producer("scheduler"))
                .setState(PolicyState.IN_FORCE)
                .setVersion(1)
                .setDigest(DIGEST)
                .setDefinition(definition().build())
                .setChangedBy(Events.requester())
                .setReason("first");
    }

    /** A full on Sundays, an incr on other days, each followed by a restore test; proofs no older than a week. */
    public static PolicyDefinition.Builder definition() {
        return PolicyDefinition.newBuilder()
                .setTimezone("Europe/Berlin")
                .setBackups(List.of(
                        new BackupSchedule("weekly", BackupType.FULL, "0 2 * * 0", null),
                        new BackupSchedule("daily", BackupType.INCR, "0 2 * * 1-6", null)))
                .setRestoreTests(List.of(RestoreTestSchedule.newBuilder()
                        .setName("after-each")
                        .setAfter(AfterBackup.newBuilder().build())
                        .build()))
                .setObjectives(new Objectives(90_000L, 604_800L, null, null));
    }

    /** The fact that goes with {@link #policy}. */
    public static PolicyChanged.Builder policyChanged(String stanza) {
        return PolicyChanged.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setProducer(Events.producer("scheduler"))
                .setState(PolicyState.IN_FORCE)
                .setVersion(1)
                .setNewDigest(DIGEST)
                .setDefinition(definition().build())
                .setChangedBy(Events.requester())
                .setReason("first");
    }

    /** A slot of the weekly full that became a request. */
    public static SlotConcluded.Builder slotConcluded(String stanza, UUID requestId) {
        return SlotConcluded.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("scheduler"))
                .setSchedule("weekly")
                .setKind(SlotKind.BACKUP)
                .setSlot(Instant.now().truncatedTo(ChronoUnit.MINUTES))
                .setOutcome(SlotOutcome.REQUESTED)
                .setPolicyDigest(DIGEST)
                .setRequestedType(BackupType.FULL);
    }

    /** A backup request that waits because its pool has enough to do. */
    public static RequestQueued.Builder requestQueued(String stanza, UUID requestId) {
        return RequestQueued.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("scheduler"))
                .setKind(RequestKind.BACKUP)
                .setSchedule("weekly")
                .setSlot(Instant.now().truncatedTo(ChronoUnit.MINUTES))
                .setPool("db1")
                .setSince(Instant.now().truncatedTo(ChronoUnit.MINUTES))
                .setNotAfter(Events.now().plusSeconds(86_400))
                .setCause(QueueCause.POOL_FULL)
                .setDetail("the runners of pool 'db1' have 4 of 4 requests");
    }

    /** A backup request that no runner took. */
    public static RequestUnserved.Builder requestUnserved(String stanza, UUID requestId) {
        return RequestUnserved.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(Events.producer("scheduler"))
                .setKind(RequestKind.BACKUP)
                .setUnserved(UnservedReason.UNKNOWN_STANZA)
                .setDetail("no runner has announced the stanza; start one that serves it");
    }

    /** The newest backup is too old. */
    public static ObjectiveBreached.Builder objectiveBreached(String stanza) {
        return ObjectiveBreached.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setProducer(Events.producer("scheduler"))
                .setObjective(ObjectiveKind.BACKUP_AGE)
                .setSince(Events.now())
                .setLimitSeconds(90_000)
                .setValueSeconds(100_000L);
    }

    /** The newest backup is young enough again. */
    public static ObjectiveMet.Builder objectiveMet(String stanza) {
        return ObjectiveMet.newBuilder()
                .setEventId(Events.newId())
                .setOccurredAt(Events.now())
                .setStanza(stanza)
                .setProducer(Events.producer("scheduler"))
                .setObjective(ObjectiveKind.BACKUP_AGE)
                .setSince(Events.now())
                .setLimitSeconds(90_000)
                .setValueSeconds(10L);
    }
}
