package dev.holdfast.runner.repository;

import java.util.Optional;

/**
 * What the running cluster says of itself.
 *
 * @param segmentBytes size of a WAL segment
 * @param timeline the timeline it is on; empty if it could not be asked
 * @param archiver what it says of its archiving; empty if it could not be asked
 */
public record Production(long segmentBytes, Optional<Integer> timeline, Optional<Archiver> archiver) {

    private static final long DEFAULT_SEGMENT = 16L * 1024 * 1024;

    /** Nothing is known but PostgreSQL's default. */
    public static final Production UNKNOWN = new Production(DEFAULT_SEGMENT, Optional.empty(), Optional.empty());
}
