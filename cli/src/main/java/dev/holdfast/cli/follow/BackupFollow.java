package dev.holdfast.cli.follow;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.schemas.Envelope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one backup request.
 *
 * <p>Takes any event and minds those of its request. A rejection as DUPLICATE and an unserved request are not the end: a
 * fact of the run supersedes them (the contract's rule). An event that is read twice counts once.
 */
public final class BackupFollow {

    private final UUID requestId;
    private final Goal goal;
    private final Set<UUID> seen = new HashSet<>();
    private final List<SpecificRecord> story = new ArrayList<>();

    private RequestState state = RequestState.REQUESTED;
    private boolean over;
    private boolean unknownStanza;
    private @Nullable BackupCompleted backup;
    private @Nullable RestoreTestCompleted proof;
    private String detail = "";

    /** Follows the request with this id until the goal is reached or missed. */
    public BackupFollow(UUID requestId, Goal goal) {
        this.requestId = requestId;
        this.goal = goal;
    }

    /** Takes one event, and says what it tells. */
    public Step accept(SpecificRecord event) {
        Envelope envelope = Envelope.of(event);
        boolean mine = envelope.requestId().filter(requestId::equals).isPresent();
        if (!mine || !seen.add(envelope.eventId())) {
            return new Step.Silent();
        }
        Step step = told(event);
        if (!(step instanceof Step.Heartbeat)) {
            story.add(event);
        }
        return step;
    }

    private Step told(SpecificRecord event) {
        return switch (event) {
            case BackupStarted started -> started(started);
            case BackupProgressed progressed -> progressed(progressed);
            case BackupCompleted completed -> completed(completed);
            case BackupFailed failed -> failed(failed);
            case BackupRejected rejected -> rejected(rejected);
            case RequestUnserved unserved -> unserved(unserved);
            case RestoreTestStarted started -> testStarted(started);
            case RestoreTestProgressed progressed -> TestSteps.progressed(progressed);
            case RestoreTestCompleted completed -> tested(completed);
            default -> new Step.Silent();
        };
    }

    private Step started(BackupStarted started) {
        state = RequestState.RUNNING;
        unknownStanza = false;
        return new Step.Milestone("backup started by runner %s (pgBackRest %s)"
                .formatted(started.getRunner(), started.getPgbackrestVersion()));
    }

    private static Step progressed(BackupProgressed progressed) {
        return new Step.Heartbeat(
                progressed.getPhase(),
                progressed.getPercent().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                progressed.getBytesDone().map(OptionalLong::of).orElseGet(OptionalLong::empty),
                progressed.getBytesTotal());
    }

    private Step completed(BackupCompleted completed) {
        state = RequestState.COMPLETED;
        backup = completed;
        over = goal == Goal.COMPLETED;
        String changed =
                completed.getTypeChangeReason().map(why -> " (" + why + ")").orElse("");
        String text = "backup %s completed: %s%s, %d bytes added to the repository"
                .formatted(
                        completed.getLabel(),
                        completed.getEffectiveType(),
                        changed,
                        completed.getRepositoryDeltaBytes());
        if (completed.getStatus() == BackupStatus.COMPLETE_WITH_ERRORS) {
            detail = "pgBackRest found damaged pages in " + String.join(", ", completed.getDamagedFiles());
            return new Step.Warning(text + "; " + detail);
        }
        return new Step.Milestone(text);
    }

    private Step failed(BackupFailed failed) {
        state = failed.getCategory() == FailureCategory.CANCELLED ? RequestState.CANCELLED : RequestState.FAILED;
        detail = failed.getMessage();
        over = true;
        String hint = failed.getHint().isBlank() ? "" : " What to do: " + failed.getHint();
        return new Step.Warning("backup failed (%s): %s%s".formatted(failed.getCategory(), detail, hint));
    }

    private Step rejected(BackupRejected rejected) {
        if (rejected.getRejection() == RejectionReason.DUPLICATE) {
            return new Step.Silent();
        }
        state = rejected.getRejection() == RejectionReason.CANCELLED ? RequestState.CANCELLED : RequestState.REJECTED;
        detail = rejected.getDetail();
        over = true;
        return new Step.Warning("request rejected (%s): %s".formatted(rejected.getRejection(), detail));
    }

    private Step unserved(RequestUnserved unserved) {
        if (over || state == RequestState.COMPLETED) {
            return new Step.Silent();
        }
        state = unserved.getUnserved() == UnservedReason.RUN_LOST ? RequestState.LOST : RequestState.UNSERVED;
        unknownStanza = unserved.getUnserved() == UnservedReason.UNKNOWN_STANZA;
        detail = unserved.getDetail();
        return new Step.Warning("nobody serves the request so far (%s): %s".formatted(unserved.getUnserved(), detail));
    }

    private Step testStarted(RestoreTestStarted started) {
        return new Step.Milestone("restore test started by validator %s in a %s sandbox"
                .formatted(started.getValidator(), started.getSandbox()));
    }

    private Step tested(RestoreTestCompleted completed) {
        proof = completed;
        state = TestSteps.stateOf(completed.getVerdict());
        detail = completed.getReason();
        over = true;
        return TestSteps.verdict(completed);
    }

    /** True once nothing can change what was waited for. */
    public boolean isOver() {
        return over;
    }

    /** True while the scheduler says that no runner has announced the stanza. */
    public boolean isOfUnknownStanza() {
        return unknownStanza;
    }

    /** True if what was waited for has happened, without damage. */
    public boolean isGood() {
        boolean damaged =
                backup != null && backup.getStatus() == BackupStatus.COMPLETE_WITH_ERRORS && goal == Goal.COMPLETED;
        return over && state.isGood() && !damaged;
    }

    /** Where the request stands. */
    public RequestState state() {
        return state;
    }

    /** The events of the request that were seen, in the order they were read; heartbeats left out. */
    public List<SpecificRecord> story() {
        return List.copyOf(story);
    }

    /** The backup; empty if none was made so far. */
    public Optional<BackupCompleted> backup() {
        return Optional.ofNullable(backup);
    }

    /** The restore test's verdict; empty if there is none so far. */
    public Optional<RestoreTestCompleted> proof() {
        return Optional.ofNullable(proof);
    }

    /** Why it stands where it stands, for people; may be empty. */
    public String detail() {
        return detail;
    }
}
