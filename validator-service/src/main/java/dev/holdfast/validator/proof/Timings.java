package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the parts took; each is empty if it did not happen.
 *
 * @param fetch until the sandbox was ready
 * @param restore pgBackRest's restore
 * @param replay from PostgreSQL's start until recovery ended
 * @param ready from the test's start until the cluster took queries: the measured restore time
 */
public record Timings(
        Optional<Duration> fetch, Optional<Duration> restore, Optional<Duration> replay, Optional<Duration> ready) {

    /** Nothing happened. */
    public static Timings none() {
        return new Timings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
