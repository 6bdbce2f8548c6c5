package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the tool's own check of a stanza found: whether configuration, connection and archiving work at that moment. Holds
 * no secret: whoever makes one has redacted it.
 *
 * @param outcome how it ended
 * @param at when it ended
 * @param exitCode the tool's exit status; empty if it was not run or did not end in time
 * @param errorName the tool's own name of the error; empty if there is none
 * @param message what it found, or why it was not run; empty if it passed
 * @param hint what to do; empty if it passed
 */
public record StanzaCheck(
        Outcome outcome, Instant at, OptionalInt exitCode, Optional<String> errorName, String message, String hint) {

    /** How a check ended. */
    public enum Outcome {
        /** A segment of WAL went all the way into every repository. */
        PASSED,
        /** It found something wrong. */
        FAILED,
        /** It could not be run, and says nothing. */
        NOT_RUN
    }

    /** A check that found nothing wrong. */
    public static StanzaCheck passed(Instant at) {
        return new StanzaCheck(Outcome.PASSED, at, OptionalInt.of(0), Optional.empty(), "", "");
    }

    /** A check that says nothing. */
    public static StanzaCheck notRun(Instant at, String message, String hint) {
        return new StanzaCheck(Outcome.NOT_RUN, at, OptionalInt.empty(), Optional.empty(), message, hint);
    }

    /** A check that found what a failure says. */
    public static StanzaCheck failed(Instant at, Failure failure) {
        return new StanzaCheck(
                Outcome.FAILED, at, failure.exitCode(), failure.errorName(), failure.message(), failure.hint());
    }
}
