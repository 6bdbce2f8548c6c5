package dev.holdfast.runner.backup;

import java.time.Duration;

/**
 * What a runner allows.
 *
 * @param instance name of this runner, as its claims say it
 * @param lockWait how long a lock that somebody else holds is waited for
 * @param lease how long a run goes on without its runner
 * @param timeLimit how long one run may take
 */
public record ServingTerms(String instance, Duration lockWait, Duration lease, Duration timeLimit) {

    /** How many times a request is executed again after something outside ended its run. */
    static final int MAX_ATTEMPTS = 5;

    /** After how long without a sign of life somebody else's run must have ended: its lease, and a margin for clocks and delays. */
    Duration silence() {
        return lease.plus(lease.dividedBy(2));
    }
}
