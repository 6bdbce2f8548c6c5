package dev.holdfast.scheduler.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Knows how far a reader has come in a topic. Safe for several threads. */
public final class ReadThrough {

    private final Map<TopicPartition, Long> passed = new HashMap<>();
    private @Nullable Map<TopicPartition, Long> goal;
    private volatile boolean done;

    /** Sets the goal: the last record of each partition that has one. */
    public synchronized void begin(Map<TopicPartition, Long> lastOffsets) {
        goal = Map.copyOf(lastOffsets);
        done = hasPassed(lastOffsets);
    }

    /** A record has been read. */
    public synchronized void passed(String topic, int partition, long offset) {
        passed.merge(new TopicPartition(topic, partition), offset, Math::max);
        if (!done && goal != null && hasPassed(goal)) {
            done = true;
        }
        notifyAll();
    }

    private boolean hasPassed(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream().allMatch(last -> passed.getOrDefault(last.getKey(), -1L) >= last.getValue());
    }

    /** True once all has been read that the topic held at the beginning. */
    public boolean isDone() {
        return done;
    }

    /**
     * Waits until these records have been read, too.
     *
     * @return false if they were not in time
     */
    public synchronized boolean await(Map<TopicPartition, Long> offsets, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!hasPassed(offsets)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
