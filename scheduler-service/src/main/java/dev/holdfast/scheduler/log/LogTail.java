package dev.holdfast.scheduler.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the last record of a partition. The end offset does not tell: markers of transactions and records that compaction
 * or an abort took away have offsets too, and no reader ever gets to see them.
 */
public final class LogTail {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long FIRST_STEP = 2;
    private static final long WIDER = 16;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> last = new HashMap<>();

    private LogTail(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    private record Stretch(TopicPartition partition, long begin, long end) {

        long from(long step) {
            return Math.max(begin, end - step);
        }
    }

    /**
     * The offset of each partition's last readable record; partitions without one are left out.
     *
     * @param consumer closed afterwards
     */
    public static Map<TopicPartition, Long> lastOffsets(
            KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        try (consumer) {
            LogTail tail = new LogTail(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            tail.search(tail.stretches(partitions));
            return Map.copyOf(tail.last);
        }
    }

    private List<Stretch> stretches(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        return partitions.stream()
                .map(partition -> new Stretch(
                        partition,
                        Objects.requireNonNull(begin.get(partition)),
                        Objects.requireNonNull(end.get(partition))))
                .filter(stretch -> stretch.begin() < stretch.end())
                .toList();
    }

    /** Looks back further and further, until a record turns up or the beginning. */
    private void search(List<Stretch> stretches) {
        List<Stretch> open = stretches;
        for (long step = FIRST_STEP; !open.isEmpty(); step *= WIDER) {
            read(open, step);
            long tried = step;
            open = open.stream()
                    .filter(stretch -> !last.containsKey(stretch.partition()) && stretch.from(tried) > stretch.begin())
                    .toList();
        }
    }

    private void read(List<Stretch> stretches, long step) {
        // another assignment would be a shorter way, but it upsets look-ups that are still under way
        consumer.pause(consumer.assignment());
        consumer.resume(stretches.stream().map(Stretch::partition).toList());
        stretches.forEach(stretch -> consumer.seek(stretch.partition(), stretch.from(step)));
        Map<TopicPartition, Long> ends = new HashMap<>();
        stretches.forEach(stretch -> ends.put(stretch.partition(), stretch.end()));
        while (stretches.stream().anyMatch(stretch -> consumer.position(stretch.partition()) < stretch.end())) {
            consumer.poll(POLL).forEach(message -> {
                TopicPartition partition = new TopicPartition(message.topic(), message.partition());
                if (message.offset() < ends.getOrDefault(partition, 0L)) {
                    last.merge(partition, message.offset(), Math::max);
                }
            });
        }
    }
}
