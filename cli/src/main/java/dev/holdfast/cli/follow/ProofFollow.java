package dev.holdfast.cli.follow;

import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.schemas.Envelope;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What becomes of one requested restore test. Takes any event and minds those of its test. */
public final class ProofFollow {

    private final UUID requestId;
    private final UUID testId;

    private RequestState state = RequestState.REQUESTED;
    private boolean unknownStanza;
    private @Nullable RestoreTestCompleted result;

    /** Follows the test with these ids. */
    public ProofFollow(UUID requestId, UUID testId) {
        this.requestId = requestId;
        this.testId = testId;
    }

    /** Takes one event, and says what it tells. */
    public Step accept(SpecificRecord event) {
        return switch (event) {
            case RestoreTestStarted started when started.getTestId().equals(testId) -> started(started);
            case RestoreTestProgressed progressed
            when progressed.getTestId().equals(testId) -> TestSteps.progressed(progressed);
            case RestoreTestCompleted completed when completed.getTestId().equals(testId) -> completed(completed);
            case RequestUnserved unserved when isMine(unserved) && result == null -> unserved(unserved);
            default -> new Step.Silent();
        };
    }

    private boolean isMine(RequestUnserved unserved) {
        return unserved.getTestId()
                .map(testId::equals)
                .orElse(Envelope.of(unserved)
                        .requestId()
                        .filter(requestId::equals)
                        .isPresent());
    }

    private Step started(RestoreTestStarted started) {
        state = RequestState.RUNNING;
        unknownStanza = false;
        return new Step.Milestone("restore test started by validator %s in a %s sandbox"
                .formatted(started.getValidator(), started.getSandbox()));
    }

    private Step completed(RestoreTestCompleted completed) {
        if (result != null) {
            return new Step.Silent();
        }
        result = completed;
        state = TestSteps.stateOf(completed.getVerdict());
        return TestSteps.verdict(completed);
    }

    private Step unserved(RequestUnserved unserved) {
        state = unserved.getUnserved() == UnservedReason.RUN_LOST ? RequestState.LOST : RequestState.UNSERVED;
        unknownStanza = unserved.getUnserved() == UnservedReason.UNKNOWN_STANZA;
        return new Step.Warning(
                "nobody serves the request so far (%s): %s".formatted(unserved.getUnserved(), unserved.getDetail()));
    }

    /** True once there is a verdict. */
    public boolean isOver() {
        return result != null;
    }

    /** True while the scheduler says that no validator has announced the stanza. */
    public boolean isOfUnknownStanza() {
        return unknownStanza;
    }

    /** Where the request stands. */
    public RequestState state() {
        return state;
    }

    /** The verdict with its evidence; empty while there is none. */
    public Optional<RestoreTestCompleted> result() {
        return Optional.ofNullable(result);
    }
}
