package dev.holdfast.bench.catalog;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
final class Waiting {

    private static final long PAUSE_MILLIS = 20;

    private Waiting() {}

    /** Returns when the condition holds; fails after the limit. */
    static void until(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited %s in vain: %s".formatted(limit, what));
            }
            pause(PAUSE_MILLIS);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
