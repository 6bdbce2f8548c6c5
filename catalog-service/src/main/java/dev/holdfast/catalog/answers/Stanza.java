package dev.holdfast.catalog.answers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stanza at a glance.
 *
 * @param stanza its name
 * @param lastBackup the newest set that is still there; null if there is none
 * @param lastProof the newest telling proof: PASSED or FAILED before others; null if there is none
 * @param window to which instants it can be restored, as last observed
 * @param observedAt when the repositories were last looked at; null if never
 * @param repositories what was seen
 * @param objectives what is promised, and whether it is kept
 * @param policy in force; null if there is none
 * @param servedBy who announced to serve it
 * @param running requests that run now
 * @param queued what waits in the scheduler's queue, restore tests included
 * @param missing sets that are gone though nothing expired them, the latest first; at most a few
 * @param lastFailure the last backup request that came to nothing after the newest set was made; null if there is none
 */
public record Stanza(
        String stanza,
        @Nullable LastBackup lastBackup,
        @Nullable Proof lastProof,
        List<Span> window,
        @Nullable Instant observedAt,
        List<Repository> repositories,
        List<Objective> objectives,
        @Nullable PolicyInForce policy,
        List<Server> servedBy,
        int running,
        int queued,
        List<Missing> missing,
        @Nullable FailedRequest lastFailure) {

    /** Copies the lists. */
    public Stanza {
        window = List.copyOf(window);
        repositories = List.copyOf(repositories);
        objectives = List.copyOf(objectives);
        servedBy = List.copyOf(servedBy);
        missing = List.copyOf(missing);
    }

    /**
     * A set that is gone though nothing expired it.
     *
     * @param label its label
     * @param repository where it lay
     * @param noticedAt when a runner noticed
     */
    public record Missing(String label, int repository, Instant noticedAt) {}

    /**
     * A backup request that came to nothing.
     *
     * @param requestId the request
     * @param state FAILED, LOST or UNSERVED
     * @param at when that was said
     * @param message why, for people
     */
    public record FailedRequest(UUID requestId, String state, Instant at, String message) {}

    /**
     * The newest backup.
     *
     * @param label its label
     * @param type its kind
     * @param finishedAt when it ended
     * @param status COMPLETE or COMPLETE_WITH_ERRORS
     * @param repository where it lies
     * @param proof of this very backup; null if there is none
     */
    public record LastBackup(
            String label,
            @Nullable String type,
            Instant finishedAt,
            String status,
            int repository,
            @Nullable Proof proof) {}

    /**
     * A stretch of time to which the cluster can be restored.
     *
     * @param from the earliest instant
     * @param to the latest instant
     * @param repository the repository that holds it
     * @param backupLabel the oldest backup that it starts from
     * @param walFrom first segment
     * @param walTo last segment
     * @param timeline the timeline
     */
    public record Span(
            Instant from, Instant to, int repository, String backupLabel, String walFrom, String walTo, int timeline) {}

    /**
     * A repository as last observed.
     *
     * @param repository its number
     * @param observedAt when
     * @param status pgBackRest's words
     * @param ok true if pgBackRest says that all is well
     * @param archiveMin first archived segment
     * @param archiveMax last archived segment
     * @param archiverLagSeconds since the last segment was archived; null if none ever was
     * @param repositoryBytes null where unknown
     * @param gaps missing segments, each with archiveId, timeline, first, last, segments
     * @param foreignTimelines timelines that production never had
     * @param retention what is configured of retention, such as {@code repo1-retention-full} to {@code 4}; empty where the runner does not say
     * @param archiver what the cluster says of its archiving; null where it could not be asked
     */
    public record Repository(
            int repository,
            Instant observedAt,
            String status,
            boolean ok,
            @Nullable String archiveMin,
            @Nullable String archiveMax,
            @Nullable Long archiverLagSeconds,
            @Nullable Long repositoryBytes,
            List<Gap> gaps,
            List<Integer> foreignTimelines,
            Map<String, String> retention,
            @Nullable Archiver archiver) {

        /** Copies the collections. */
        public Repository {
            gaps = List.copyOf(gaps);
            foreignTimelines = List.copyOf(foreignTimelines);
            retention = Map.copyOf(retention);
        }
    }

    /**
     * A cluster's archiving, counted since its statistics were last reset.
     *
     * @param archived segments that were archived
     * @param lastArchivedAt when the last of them was; null if there was none
     * @param failed attempts that failed
     * @param lastFailed what the last of them was about; null if there was none
     * @param lastFailedAt when that was; null if there was none
     * @param failing whether the last attempt of all failed
     */
    public record Archiver(
            long archived,
            @Nullable Instant lastArchivedAt,
            long failed,
            @Nullable String lastFailed,
            @Nullable Instant lastFailedAt,
            boolean failing) {}

    /**
     * Missing segments.
     *
     * @param archiveId the archive
     * @param timeline the timeline
     * @param first first missing
     * @param last last missing
     * @param segments how many
     */
    public record Gap(String archiveId, int timeline, String first, String last, long segments) {}

    /**
     * An objective.
     *
     * @param name as in the policy: backupAge, proofAge, rpo, rto
     * @param met whether it is met
     * @param value what was the case when it was judged, ISO-8601 duration; null if there was nothing to measure
     * @param limit what is promised, ISO-8601 duration
     * @param since since when it is so
     * @param detail why, for people
     */
    public record Objective(
            String name, boolean met, @Nullable Duration value, Duration limit, Instant since, String detail) {}

    /**
     * The policy in force.
     *
     * @param version counts up with every change
     * @param digest of its definition
     * @param timezone in which its schedules are read
     * @param schedules how many it has
     * @param pausedBy who paused it; null if it is not paused
     * @param pauseReason why
     */
    public record PolicyInForce(
            int version,
            String digest,
            String timezone,
            int schedules,
            @Nullable String pausedBy,
            @Nullable String pauseReason) {}

    /**
     * Who serves a stanza.
     *
     * @param service runner or validator
     * @param pool the pool
     * @param instance the copy
     * @param announcedAt when it last said so
     */
    public record Server(String service, String pool, String instance, Instant announcedAt) {}
}
