package dev.holdfast.runner.backup;

import java.time.Duration;
import java.util.Map;

/**
 * What a runner allows.
 *
 * @param instance name of this runner, as its claims say it
 * @param lockWait how long a lock that somebody else holds is waited for
 * @param lease how long a run goes on without its runner
 * @param timeLimit how long one run may take
 * @param timeLimits the same for single stanzas, where it is another
 */
public record ServingTerms(
        String instance, Duration lockWait, Duration lease, Duration timeLimit, Map<String, Duration> timeLimits) {

    /** How many times a request is executed again after something outside ended its run. */
    static final int MAX_ATTEMPTS = 5;

    /** Copies what it is given. */
    public ServingTerms {
        timeLimits = Map.copyOf(timeLimits);
    }

    /** How long one run of the stanza may take. */
    Duration timeLimitOf(String stanza) {
        return timeLimits.getOrDefault(stanza, timeLimit);
    }

    /** After how long without a sign of life somebody else's run must have ended: its lease, and a margin for clocks and delays. */
    Duration silence() {
        return lease.plus(lease.dividedBy(2));
    }
}
