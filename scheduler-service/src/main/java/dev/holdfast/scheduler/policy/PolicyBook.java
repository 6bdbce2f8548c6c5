package dev.holdfast.scheduler.policy;

import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The newest policy of every stanza, read by each instance for itself, so that any instance can answer. Safe for several
 * threads.
 */
public final class PolicyBook {

    private static final int SHARED = 1_000;

    private final Map<String, Policy> policies = new ConcurrentSkipListMap<>();

    /** One policy of each digest, for others to share its parts with. */
    private final Map<String, Policy> byDigest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Policy> eldest) {
            return size() > SHARED;
        }
    };

    /** Takes a version in; an older one than known is passed over. */
    public synchronized void accept(Policy policy) {
        policies.merge(
                policy.getStanza(),
                sharing(policy),
                (known, given) -> given.getVersion() < known.getVersion() ? known : given);
        notifyAll();
    }

    /** The same policy; where many stanzas have the same definition, it is on the heap once. */
    private Policy sharing(Policy policy) {
        Policy model = byDigest.putIfAbsent(policy.getDigest(), policy);
        if (model == null || !model.getDefinition().equals(policy.getDefinition())) {
            return policy;
        }
        return Policy.newBuilder(policy)
                .setDigest(model.getDigest())
                .setDefinition(model.getDefinition())
                .setProducer(same(model.getProducer(), policy.getProducer()))
                .setChangedBy(same(model.getChangedBy(), policy.getChangedBy()))
                .setReason(same(model.getReason(), policy.getReason()))
                .build();
    }

    private static <T> T same(T known, T given) {
        return known.equals(given) ? known : given;
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
     * Waits until a version that was just written, or a later one, has been read back, so that whoever wrote it also sees it.
     *
     * @return false if it did not come in time
     */
    public synchronized boolean await(String stanza, int version, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (latest(stanza).filter(policy -> policy.getVersion() >= version).isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
