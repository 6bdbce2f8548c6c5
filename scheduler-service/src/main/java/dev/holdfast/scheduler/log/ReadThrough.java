package dev.holdfast.scheduler.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Knows when a reader has come to where a topic ended when it began. Safe for several threads. */
public final class ReadThrough {

    private final Map<TopicPartition, Long> open = new ConcurrentHashMap<>();
    private volatile boolean begun;

    /** Sets the goal: the last record of each partition that has one. */
    public void begin(Map<TopicPartition, Long> lastOffsets) {
        open.putAll(lastOffsets);
        begun = true;
    }

    /** A record has been read. */
    public void passed(String topic, int partition, long offset) {
        open.computeIfPresent(new TopicPartition(topic, partition), (key, last) -> offset >= last ? null : last);
    }

    /** True once all of it has been read. */
    public boolean isDone() {
        return begun && open.isEmpty();
    }
}
