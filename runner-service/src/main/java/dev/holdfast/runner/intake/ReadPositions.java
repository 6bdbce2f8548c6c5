package dev.holdfast.runner.intake;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far each partition has been read. Safe for many threads. */
final class ReadPositions {

    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Everything before these offsets has been read, and is remembered. */
    synchronized void reached(Map<TopicPartition, Long> nextOffsets) {
        positions.putAll(nextOffsets);
        notifyAll();
    }

    /** True if everything before these offsets has been read. */
    synchronized boolean havePassed(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /**
     * Waits until {@link #havePassed}.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    synchronized void awaitPassed(Map<TopicPartition, Long> ends) throws InterruptedException {
        while (!havePassed(ends)) {
            wait();
        }
    }
}
