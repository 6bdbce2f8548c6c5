package dev.holdfast.runner.repository;

import java.time.Instant;

/**
 * A stretch of WAL segments without a hole.
 *
 * @param archiveId such as 15-1
 * @param timeline 1 or more
 * @param first name of the first segment
 * @param last name of the last segment
 * @param lastArchivedAt when the last one was archived
 */
public record WalRange(String archiveId, int timeline, String first, String last, Instant lastArchivedAt) {

    /** True if the segment lies in the stretch. */
    public boolean holds(String segment) {
        // names of one timeline and one width sort as their numbers do
        return first.substring(0, 8).equals(segment.substring(0, 8))
                && first.compareTo(segment) <= 0
                && segment.compareTo(last) <= 0;
    }
}
