package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** How one execution of pgBackRest ended. */
public sealed interface RunResult {

    /**
     * The repository lists a backup with this request's annotation.
     *
     * @param typeChangeReason why its kind is not the one asked for; empty where it is
     * @param compression in use; empty where unknown
     * @param endedBefore true if it had ended before the runner looked at it for the first time
     * @param toolMillis pgBackRest's own measure; empty where its log was lost
     */
    record Made(
            BackupSet set,
            Optional<String> typeChangeReason,
            Optional<String> compression,
            boolean endedBefore,
            OptionalLong toolMillis)
            implements RunResult {}

    /** pgBackRest gave up. */
    record Failed(Optional<Instant> startedAt, Failure failure) implements RunResult {}

    /** pgBackRest did not begin, because it must not. */
    record Refused(Rejection rejection, String detail) implements RunResult {}

    /** Something outside ended it: nothing can be said but that there is no backup. */
    record Interrupted(Optional<Instant> startedAt, String how) implements RunResult {}

    /** The runner ended it, because the {@link RunWatch} said so. */
    record Stopped(Optional<Instant> startedAt, StopCause cause) implements RunResult {}
}
