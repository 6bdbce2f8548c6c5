package dev.holdfast.runner.backup;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a run ended without a backup. Holds no secret: whoever makes one has redacted it.
 *
 * @param exitCode pgBackRest's exit status; empty if it was not run or was ended by a signal
 * @param errorName pgBackRest's own name of the error; empty if it gave none
 * @param category who has to act
 * @param message what happened
 * @param logTail the last lines of pgBackRest's output
 * @param hint what to do
 */
public record Failure(
        OptionalInt exitCode,
        Optional<String> errorName,
        Category category,
        String message,
        String logTail,
        String hint) {

    /** A failure of the runner's own finding. */
    public static Failure of(Category category, String message, String hint) {
        return new Failure(OptionalInt.empty(), Optional.empty(), category, message, "", hint);
    }
}
