package dev.holdfast.cli.follow;

import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.Verdict;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What restore-test events tell a person who waits, whether for a backup or for a proof. */
final class TestSteps {

    private TestSteps() {}

    static Step progressed(RestoreTestProgressed progressed) {
        return new Step.Heartbeat(
                "restore test: " + progressed.getPhase(),
                OptionalDouble.empty(),
                progressed.getBytesDone().map(OptionalLong::of).orElseGet(OptionalLong::empty),
                Optional.empty());
    }

    static Step verdict(RestoreTestCompleted completed) {
        if (completed.getVerdict() == Verdict.PASSED) {
            return new Step.Milestone(
                    "restore test PASSED: %s (rung %s)".formatted(completed.getReason(), completed.getRung()));
        }
        return new Step.Warning("restore test %s (%s): %s (rung %s)"
                .formatted(
                        completed.getVerdict(), completed.getReasonCode(), completed.getReason(), completed.getRung()));
    }

    static RequestState stateOf(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> RequestState.PROVEN;
            case FAILED -> RequestState.DISPROVEN;
            // a backup that retention took away meanwhile is neither proven nor disproven
            case EXPIRED, INCONCLUSIVE, UNKNOWN -> RequestState.INCONCLUSIVE;
        };
    }
}
