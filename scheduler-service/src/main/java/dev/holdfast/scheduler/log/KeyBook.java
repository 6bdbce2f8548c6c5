package dev.holdfast.scheduler.log;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * For what each Idempotency-Key was used first, by the id of the request that it makes. Every copy of the scheduler reads
 * the same records in the same order, so all agree on which was the first. Safe for several threads.
 */
public final class KeyBook {

    /** As long as a runner remembers what it ran; an older request is expired anyway. */
    public static final Duration KEPT = Duration.ofDays(8);

    private final Map<UUID, First> firsts = new LinkedHashMap<>();
    private long through = -1;

    private record First(String fingerprint, Instant at) {}

    /** Takes a record in. */
    public synchronized void accept(UUID requestId, String fingerprint, Instant at, long offset) {
        var oldest = firsts.values().iterator();
        while (oldest.hasNext() && oldest.next().at().isBefore(at.minus(KEPT))) {
            oldest.remove();
        }
        firsts.putIfAbsent(requestId, new First(fingerprint, at));
        through = Math.max(through, offset);
        notifyAll();
    }

    /** Passes over a record that is none. */
    public synchronized void pass(long offset) {
        through = Math.max(through, offset);
        notifyAll();
    }

    /**
     * What a request's key was used for first, once a record that was just written has been read back.
     *
     * @return empty if it was not read in time
     */
    public synchronized Optional<String> firstOf(UUID requestId, long offset, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (through < offset) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return Optional.ofNullable(firsts.get(requestId)).map(First::fingerprint);
    }
}
