package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** How a request ended. Every request ends in exactly one of these, and each is published. */
public sealed interface BackupOutcome {

    /** The request that ended. */
    RequestHead head();

    /**
     * A backup set lies in the repository. Whether it can be restored is for a restore test to say.
     *
     * @param request the request
     * @param attempt which claim made it
     * @param set what the repository says of it
     * @param typeChangeReason why its kind is not the one asked for; empty where it is
     * @param compression in use; empty where unknown
     * @param recovered true if it had ended before the runner that publishes it began
     * @param toolMillis pgBackRest's own measure; empty where its log was lost
     */
    record Completed(
            BackupRequest request,
            int attempt,
            BackupSet set,
            Optional<String> typeChangeReason,
            Optional<String> compression,
            boolean recovered,
            OptionalLong toolMillis)
            implements BackupOutcome {

        @Override
        public RequestHead head() {
            return request.head();
        }
    }

    /**
     * The run ended without a backup.
     *
     * @param startedAt when pgBackRest was started; empty if it never was
     * @param check what a check of the stanza said afterwards; empty if none was made
     */
    record Failed(
            BackupRequest request,
            int attempt,
            Optional<Instant> startedAt,
            Failure failure,
            Optional<StanzaCheck> check)
            implements BackupOutcome {

        /** A failure after which nothing was checked. */
        public Failed(BackupRequest request, int attempt, Optional<Instant> startedAt, Failure failure) {
            this(request, attempt, startedAt, failure, Optional.empty());
        }

        @Override
        public RequestHead head() {
            return request.head();
        }
    }

    /** Nothing was run. {@code detail} says for people what was found, what was expected and what to do. */
    record Rejected(RequestHead head, Rejection rejection, String detail) implements BackupOutcome {}
}
