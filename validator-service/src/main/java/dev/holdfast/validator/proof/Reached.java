package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The point at which recovery ended.
 *
 * @param lsn the position behind the last record replayed
 * @param lastCommit time of the last commit replayed
 * @param timeline the timeline that was followed
 * @param restorePoint the named point that stopped recovery
 * @param lastSegment the furthest segment fetched from the archive
 */
public record Reached(
        Optional<Lsn> lsn,
        Optional<Instant> lastCommit,
        OptionalInt timeline,
        Optional<String> restorePoint,
        Optional<WalSegment> lastSegment) {

    /** What the server's log and, where it answered, the server itself told. */
    static Reached of(RecoveryLog log, Optional<Lsn> replayed, int timeline) {
        return new Reached(
                replayed, log.lastCommit(), OptionalInt.of(timeline), log.stoppedAtName(), log.furthestSegment());
    }
}
