package dev.holdfast.scheduler.gate;

import java.util.Map;

/**
 * How much may run at once. Backups and restore tests are counted apart, each up to these numbers. 0 is no cap.
 *
 * @param all over all pools
 * @param perPool in each pool that is not named
 * @param inPool in the pools named
 */
public record Caps(int all, int perPool, Map<String, Integer> inPool) {

    /** Nothing is capped. */
    public static final Caps NONE = new Caps(0, 0, Map.of());

    /** Refuses negative numbers. */
    public Caps {
        inPool = Map.copyOf(inPool);
        if (all < 0 || perPool < 0 || inPool.values().stream().anyMatch(cap -> cap < 0)) {
            throw new IllegalArgumentException(
                    "a cap is the number of runs at once, or 0 for none; found %d over all, %d in each pool, %s"
                            .formatted(all, perPool, inPool));
        }
    }

    /** True if nothing has to wait, ever. */
    public boolean isNone() {
        return all == 0 && perPool == 0 && inPool.values().stream().allMatch(cap -> cap == 0);
    }

    /** How much may run at once over all. */
    int overAll() {
        return all == 0 ? Integer.MAX_VALUE : all;
    }

    /** How much may run at once in a pool. What no pool is known for is only counted over all. */
    int in(String pool) {
        int cap = pool.isEmpty() ? 0 : inPool.getOrDefault(pool, perPool);
        return cap == 0 ? Integer.MAX_VALUE : cap;
    }
}
