package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request.
 *
 * @param requestId its identity
 * @param stanza null only if nothing but a cancellation is known of it
 * @param kind BACKUP or RESTORE_TEST
 * @param state QUEUED (the scheduler has not asked for it yet), REQUESTED, RUNNING, COMPLETED, FAILED, REJECTED, UNSERVED, CANCELLED, LOST, PROVEN, DISPROVEN or INCONCLUSIVE
 * @param type the kind of backup asked for; null for a restore test
 * @param origin SCHEDULE, AD_HOC, RETRY, CATCH_UP; null if the request itself is not known
 * @param requestedBy who asked
 * @param established how the name was established
 * @param reason why, in the requester's words
 * @param askedAt when the requester wrote it
 * @param notAfter the last instant at which it may start; null for the default
 * @param schedule which schedule fired; null if none did
 * @param retryOf the request that it retries; null if none
 * @param cancelWanted true if somebody asked to stop it
 * @param repository of the backup; null while there is none
 * @param label of the backup; null while there is none
 * @param testId the test whose verdict counts; null while there is none
 * @param verdict of that test
 * @param failure why it came to nothing; null if it did not
 * @param progress of its run; null where none is known
 * @param queued why it waits; null if it does not wait in the scheduler's queue
 * @param story every event that belongs to it, the oldest first; empty in lists
 */
public record Request(
        UUID requestId,
        @Nullable String stanza,
        String kind,
        String state,
        @Nullable String type,
        @Nullable String origin,
        @Nullable String requestedBy,
        @Nullable String established,
        @Nullable String reason,
        @Nullable Instant askedAt,
        @Nullable Instant notAfter,
        @Nullable String schedule,
        @Nullable UUID retryOf,
        boolean cancelWanted,
        @Nullable Integer repository,
        @Nullable String label,
        @Nullable UUID testId,
        @Nullable String verdict,
        @Nullable Failure failure,
        @Nullable Progress progress,
        @Nullable Queued queued,
        List<StoryLine> story) {

    /** The state of what waits in the scheduler's queue. */
    public static final String QUEUED = "QUEUED";

    /** Copies the story. */
    public Request {
        story = List.copyOf(story);
    }

    /** The same with its story. */
    public Request with(List<StoryLine> lines) {
        return new Request(
                requestId,
                stanza,
                kind,
                state,
                type,
                origin,
                requestedBy,
                established,
                reason,
                askedAt,
                notAfter,
                schedule,
                retryOf,
                cancelWanted,
                repository,
                label,
                testId,
                verdict,
                failure,
                progress,
                queued,
                lines);
    }
}
