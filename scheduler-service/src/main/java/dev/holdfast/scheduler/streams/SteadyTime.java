package dev.holdfast.scheduler.streams;

import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * Time that goes on evenly, whatever happens to the machine's clock. By this one the engine measures when to look at the
 * clock next: by the clock itself it would sleep for an hour after it was set back by an hour.
 */
public final class SteadyTime implements Time {

    private static final long NANOS_A_MILLI = 1_000_000;

    private final long start = Time.SYSTEM.milliseconds();
    private final long startNanos = Time.SYSTEM.nanoseconds();

    @Override
    public long milliseconds() {
        return start + (nanoseconds() - startNanos) / NANOS_A_MILLI;
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long millis) {
        Time.SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        synchronized (object) {
            while (!condition.get()) {
                long left = deadlineMillis - milliseconds();
                if (left <= 0) {
                    throw new org.apache.kafka.common.errors.TimeoutException(
                            "the condition did not come true in time");
                }
                object.wait(left);
            }
        }
    }
}
