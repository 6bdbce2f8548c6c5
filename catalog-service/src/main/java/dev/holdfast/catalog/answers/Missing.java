package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What should be there and is not: in the repositories, in the archive, and in the record itself. Each list holds the newest {@value #MOST}.
 *
 * @param nothing true if all lists are empty
 * @param vanished backups that are gone though nothing expired them
 * @param walGaps segments missing between others, as last observed
 * @param foreignTimelines timelines in the archive that production never had
 * @param unknownRequests runs and tests whose request is not in the log
 * @param missingEvidence restore tests that came to a verdict and left no signed evidence
 * @param unreadable records that nobody can read
 */
public record Missing(
        boolean nothing,
        List<VanishedBackup> vanished,
        List<WalGap> walGaps,
        List<ForeignTimeline> foreignTimelines,
        List<UnknownRequest> unknownRequests,
        List<TestWithoutEvidence> missingEvidence,
        List<UnreadableRecord> unreadable) {

    /** How many of each are listed at most. */
    public static final int MOST = 200;

    /** Copies the lists. */
    public Missing {
        vanished = List.copyOf(vanished);
        walGaps = List.copyOf(walGaps);
        foreignTimelines = List.copyOf(foreignTimelines);
        unknownRequests = List.copyOf(unknownRequests);
        missingEvidence = List.copyOf(missingEvidence);
        unreadable = List.copyOf(unreadable);
    }

    /** Puts the lists together. */
    public static Missing of(
            List<VanishedBackup> vanished,
            List<WalGap> walGaps,
            List<ForeignTimeline> foreignTimelines,
            List<UnknownRequest> unknownRequests,
            List<TestWithoutEvidence> missingEvidence,
            List<UnreadableRecord> unreadable) {
        boolean nothing = vanished.isEmpty()
                && walGaps.isEmpty()
                && foreignTimelines.isEmpty()
                && unknownRequests.isEmpty()
                && missingEvidence.isEmpty()
                && unreadable.isEmpty();
        return new Missing(nothing, vanished, walGaps, foreignTimelines, unknownRequests, missingEvidence, unreadable);
    }

    /**
     * A backup that is gone though nothing expired it.
     *
     * @param stanza the stanza
     * @param label its label
     * @param repository where it lay
     * @param noticedAt when a runner noticed
     * @param detail what the runner found
     */
    public record VanishedBackup(String stanza, String label, int repository, Instant noticedAt, String detail) {}

    /**
     * Segments missing between others.
     *
     * @param stanza the stanza
     * @param repository the repository
     * @param archiveId the archive
     * @param timeline the timeline
     * @param first first missing
     * @param last last missing
     * @param segments how many
     * @param observedAt when a runner looked
     */
    public record WalGap(
            String stanza,
            int repository,
            String archiveId,
            int timeline,
            String first,
            String last,
            long segments,
            Instant observedAt) {}

    /**
     * A timeline that production never had: something else archived into the repository.
     *
     * @param stanza the stanza
     * @param repository the repository
     * @param timeline the timeline
     * @param observedAt when a runner looked
     */
    public record ForeignTimeline(String stanza, int repository, int timeline, Instant observedAt) {}

    /**
     * A run or a test whose request is not in the log.
     *
     * @param requestId the request's id, as the facts name it
     * @param stanza the stanza
     * @param kind BACKUP or RESTORE_TEST
     * @param state as a request's
     * @param at when the run first showed
     */
    public record UnknownRequest(UUID requestId, String stanza, String kind, String state, Instant at) {}

    /**
     * A restore test without signed evidence.
     *
     * @param testId the test
     * @param stanza the stanza
     * @param verdict what it said
     * @param at when it ended
     */
    public record TestWithoutEvidence(UUID testId, String stanza, String verdict, Instant at) {}

    /**
     * A record that nobody can read; its bytes are in the dead-letter topic.
     *
     * @param topic the topic
     * @param partition the partition
     * @param offset its place there
     * @param recordedAt when the log took it
     * @param reason why it cannot be read
     */
    public record UnreadableRecord(String topic, int partition, long offset, Instant recordedAt, String reason) {}
}
