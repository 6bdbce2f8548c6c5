package dev.holdfast.schemas;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyChanged;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RequestQueued;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.events.SlotConcluded;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** The table of all events: record, topic, CloudEvents type. */
public enum EventType {
    BACKUP_REQUESTED(BackupRequested.class, Topic.BACKUP_REQUESTS, "backup.requested"),
    CANCEL_REQUESTED(CancelRequested.class, Topic.CONTROLS, "cancel.requested"),
    POLICY(Policy.class, Topic.POLICIES, "policy"),
    RUNNER_ANNOUNCED(RunnerAnnounced.class, Topic.RUNNERS, "runner.announced"),
    RESTORE_TEST_REQUESTED(RestoreTestRequested.class, Topic.RESTORE_TEST_REQUESTS, "restore-test.requested"),
    BACKUP_STARTED(BackupStarted.class, Topic.BACKUP_EVENTS, "backup.started"),
    BACKUP_COMPLETED(BackupCompleted.class, Topic.BACKUP_EVENTS, "backup.completed"),
    BACKUP_FAILED(BackupFailed.class, Topic.BACKUP_EVENTS, "backup.failed"),
    BACKUP_REJECTED(BackupRejected.class, Topic.BACKUP_EVENTS, "backup.rejected"),
    BACKUP_DISCOVERED(BackupDiscovered.class, Topic.BACKUP_EVENTS, "backup.discovered"),
    BACKUP_EXPIRED(BackupExpired.class, Topic.BACKUP_EVENTS, "backup.expired"),
    BACKUP_VANISHED(BackupVanished.class, Topic.BACKUP_EVENTS, "backup.vanished"),
    BACKUP_PROGRESSED(BackupProgressed.class, Topic.BACKUP_PROGRESS, "backup.progressed"),
    REPOSITORY_OBSERVED(RepositoryObserved.class, Topic.REPOSITORY_EVENTS, "repository.observed"),
    RESTORE_POINT_CREATED(RestorePointCreated.class, Topic.REPOSITORY_EVENTS, "restore-point.created"),
    RESTORE_TEST_STARTED(RestoreTestStarted.class, Topic.RESTORE_TEST_EVENTS, "restore-test.started"),
    RESTORE_TEST_COMPLETED(RestoreTestCompleted.class, Topic.RESTORE_TEST_EVENTS, "restore-test.completed"),
    RESTORE_TEST_PROGRESSED(RestoreTestProgressed.class, Topic.RESTORE_TEST_PROGRESS, "restore-test.progressed"),
    POLICY_CHANGED(PolicyChanged.class, Topic.POLICY_EVENTS, "policy.changed"),
    SLOT_CONCLUDED(SlotConcluded.class, Topic.POLICY_EVENTS, "slot.concluded"),
    REQUEST_QUEUED(RequestQueued.class, Topic.POLICY_EVENTS, "request.queued"),
    REQUEST_UNSERVED(RequestUnserved.class, Topic.POLICY_EVENTS, "request.unserved"),
    OBJECTIVE_BREACHED(ObjectiveBreached.class, Topic.POLICY_EVENTS, "objective.breached"),
    OBJECTIVE_MET(ObjectiveMet.class, Topic.POLICY_EVENTS, "objective.met"),
    PROOF_COVERAGE_OBSERVED(ProofCoverageObserved.class, Topic.POLICY_EVENTS, "proof-coverage.observed");

    private static final Map<String, EventType> BY_RECORD_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::recordName, Function.identity()));

    private final Class<? extends SpecificRecord> recordClass;
    private final Topic topic;
    private final String cloudEventType;

    EventType(Class<? extends SpecificRecord> recordClass, Topic topic, String name) {
        this.recordClass = recordClass;
        this.topic = topic;
        this.cloudEventType = "dev.holdfast." + name + ".v1";
    }

    /** The generated class. */
    public Class<? extends SpecificRecord> recordClass() {
        return recordClass;
    }

    /** The one topic that carries it. */
    public Topic topic() {
        return topic;
    }

    /** The value of the header {@code ce_type}, such as {@code dev.holdfast.backup.completed.v1}. */
    public String cloudEventType() {
        return cloudEventType;
    }

    /** Full name of the Avro record, such as {@code dev.holdfast.events.BackupCompleted}. */
    public String recordName() {
        return recordClass.getName();
    }

    /** Short name, such as {@code BackupCompleted}: what people and the HTTP API call it. */
    public String shortName() {
        return recordClass.getSimpleName();
    }

    /** The schema of this version, with the Java hints of the generated class in it. */
    public Schema schema() {
        return SpecificData.get().getSchema(recordClass);
    }

    /** Subject in the registry by topic-record name, such as {@code holdfast.backup.events-dev.holdfast.events.BackupCompleted}. */
    public String subject() {
        return topic.wireName() + "-" + recordName();
    }

    /** True for what others ask for: its schema must stay readable both ways for ever. */
    public boolean isCommand() {
        return this == BACKUP_REQUESTED || this == CANCEL_REQUESTED || this == RESTORE_TEST_REQUESTED;
    }

    /** Which changes of its schema are allowed. */
    public Compatibility compatibility() {
        return isCommand() ? Compatibility.FULL_TRANSITIVE : Compatibility.BACKWARD_TRANSITIVE;
    }

    /** The type of an event that this version knows; empty for a record from a newer one. */
    public static Optional<EventType> of(Schema schema) {
        return Optional.ofNullable(BY_RECORD_NAME.get(schema.getFullName()));
    }

    /**
     * The type of an event of this contract.
     *
     * @throws IllegalArgumentException if the record is no event of its own, such as {@code Producer}
     */
    public static EventType of(SpecificRecord event) {
        return of(event.getSchema())
                .orElseThrow(() -> new IllegalArgumentException(
                        "not an event: " + event.getSchema().getFullName()));
    }
}
