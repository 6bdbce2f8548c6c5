package dev.holdfast.validator.proof;

import java.util.NavigableSet;
import java.util.Optional;

/**
 * Follows the WAL from a backup's first segment as far as the archive goes without a hole.
 *
 * <p>pgBackRest's {@code info} and {@code verify} stay green with a segment missing, and PostgreSQL then promotes at the
 * hole as if the log ended there (measured with 2.45 and 2.59), so nobody else would notice.
 *
 * @param from the first segment needed
 * @param reachable the last segment before the first hole; empty if even the first is missing
 * @param gap the first hole; empty if there is none up to the archive's end
 * @param end the archive's last segment on the way; empty if there is none at or after {@code from}
 */
public record WalWalk(WalSegment from, Optional<WalSegment> reachable, Optional<Gap> gap, Optional<WalSegment> end) {

    /**
     * Consecutive segments that are missing.
     *
     * @param first the first of them
     * @param last the last of them
     * @param segments how many
     */
    public record Gap(WalSegment first, WalSegment last, long segments) {

        @Override
        public String toString() {
            return segments == 1
                    ? "WAL segment " + first + " is missing"
                    : "%d WAL segments are missing, %s to %s".formatted(segments, first, last);
        }
    }

    /**
     * Walks.
     *
     * @param from the first segment needed
     * @param needed the last segment that must be there; empty if only holes count
     * @param archived the segments that lie on the way
     * @param way the timelines that recovery follows
     * @param size bytes of a segment
     */
    public static WalWalk over(
            WalSegment from, Optional<WalSegment> needed, NavigableSet<WalSegment> archived, Timelines way, long size) {
        NavigableSet<WalSegment> rest = archived.tailSet(from, true);
        Optional<WalSegment> end = rest.isEmpty() ? Optional.empty() : Optional.of(rest.last());
        Optional<WalSegment> reachable = Optional.empty();
        WalSegment expected = from;
        while (rest.contains(expected)) {
            reachable = Optional.of(expected);
            expected = way.after(expected, size);
        }
        return new WalWalk(from, reachable, gapAt(expected, needed, rest, way, size), end);
    }

    private static Optional<Gap> gapAt(
            WalSegment missing, Optional<WalSegment> needed, NavigableSet<WalSegment> rest, Timelines way, long size) {
        WalSegment after = rest.ceiling(missing);
        if (after != null) {
            return Optional.of(gap(missing, after, way, size));
        }
        return needed.filter(last -> last.compareTo(missing) >= 0)
                .map(last -> gap(missing, way.after(last, size), way, size));
    }

    private static Gap gap(WalSegment first, WalSegment after, Timelines way, long size) {
        WalSegment last = first;
        while (way.after(last, size).compareTo(after) < 0) {
            last = way.after(last, size);
        }
        return new Gap(first, last, first.distanceTo(after, size));
    }

    /** True if every segment up to this one is there. */
    public boolean reaches(WalSegment segment) {
        return reachable.filter(last -> last.compareTo(segment) >= 0).isPresent();
    }
}
