package dev.holdfast.scheduler.policy;

import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The newest policy of every stanza, read by each instance for itself, so that any instance can answer. Safe for several
 * threads.
 */
public final class PolicyBook {

    private final Map<String, Policy> policies = new ConcurrentSkipListMap<>();

    /** Takes a version in; an older one than known is passed over. */
    public synchronized void accept(Policy policy) {
        policies.merge(
                policy.getStanza(), policy, (known, given) -> given.getVersion() < known.getVersion() ? known : given);
        notifyAll();
    }

    /** The newest version, also if it says REMOVED; empty if there never was one. */
    public Optional<Policy> latest(String stanza) {
        return Optional.ofNullable(policies.get(stanza));
    }

    /** The policy that is in force. */
    public Optional<Policy> inForce(String stanza) {
        return latest(stanza).filter(policy -> policy.getState() == PolicyState.IN_FORCE);
    }

    /** All policies in force, by stanza. */
    public Collection<Policy> inForce() {
        Map<String, Policy> found = new TreeMap<>(policies);
        found.values().removeIf(policy -> policy.getState() != PolicyState.IN_FORCE);
        return found.values();
    }

    /**
     * Waits until a version that was just written has been read back, so that whoever wrote it also sees it.
     *
     * @return false if it did not come in time
     */
    public synchronized boolean await(String stanza, UUID eventId, java.time.Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!latest(stanza)
                .map(policy -> policy.getEventId().equals(eventId))
                .orElse(false)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
