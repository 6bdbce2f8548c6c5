package dev.holdfast.catalog.answers;

import org.jspecify.annotations.Nullable;

/**
 * Why a run or a request came to nothing.
 *
 * @param category who has to act, such as STORAGE, or the reason of a refusal, such as EXPIRED
 * @param message what happened
 * @param hint what to do; empty where nobody knows
 * @param exitCode pgBackRest's exit status; null if it was not run
 * @param errorName pgBackRest's name of the error; null if it gave none
 * @param logTail the last lines of its output; empty if there are none
 */
public record Failure(
        String category,
        String message,
        String hint,
        @Nullable Integer exitCode,
        @Nullable String errorName,
        String logTail) {}
