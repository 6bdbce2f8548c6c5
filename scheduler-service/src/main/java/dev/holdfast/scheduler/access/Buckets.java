package dev.holdfast.scheduler.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much each caller may still ask: a bucket each, filled steadily, that lasts for a burst of five seconds. */
final class Buckets {

    /** More callers than that at once, and those not heard of for longest are forgotten: they begin with a full bucket. */
    private static final int CALLERS = 10_000;

    private static final int BURST_SECONDS = 5;
    private static final double MILLIS = 1_000;

    private final double perSecond;
    private final InstantSource clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CALLERS;
        }
    };

    /** What was left, and when. */
    private record Bucket(double left, long millis) {}

    /**
     * Full buckets.
     *
     * @param perSecond requests a second on average; 0 for no limit
     */
    Buckets(double perSecond, InstantSource clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Takes one request out of a caller's bucket; how long to wait if there was none, or zero. */
    synchronized Duration take(String caller) {
        if (perSecond == 0) {
            return Duration.ZERO;
        }
        long now = clock.millis();
        double whole = Math.max(1, perSecond * BURST_SECONDS);
        Bucket before = buckets.getOrDefault(caller, new Bucket(whole, now));
        double left = Math.min(whole, before.left + Math.max(0, now - before.millis) / MILLIS * perSecond);
        boolean enough = left >= 1;
        buckets.put(caller, new Bucket(enough ? left - 1 : left, now));
        return enough ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - left) / perSecond * MILLIS));
    }
}
