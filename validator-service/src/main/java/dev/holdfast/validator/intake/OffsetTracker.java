package dev.holdfast.validator.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Which offset may be committed: that of the lowest record that is not finished. Safe for several threads. */
final class OffsetTracker {

    private final Map<TopicPartition, TreeMap<Long, Boolean>> taken = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** Notes that a record was taken in. */
    synchronized void taken(TopicPartition partition, long offset) {
        taken.computeIfAbsent(partition, _ -> new TreeMap<>()).put(offset, false);
    }

    /** Notes that a record is finished; nothing if the partition was lost meanwhile. */
    synchronized void finished(TopicPartition partition, long offset) {
        TreeMap<Long, Boolean> offsets = taken.get(partition);
        if (offsets != null) {
            offsets.computeIfPresent(offset, (_, _) -> true);
        }
    }

    /** Forgets a partition that this consumer no longer owns. */
    synchronized void lost(TopicPartition partition) {
        taken.remove(partition);
        committed.remove(partition);
    }

    /** What can be committed now and was not before. */
    synchronized Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        taken.forEach((partition, records) -> {
            long next = -1;
            while (!records.isEmpty() && records.firstEntry().getValue()) {
                next = records.pollFirstEntry().getKey() + 1;
            }
            if (next > committed.getOrDefault(partition, -1L)) {
                committed.put(partition, next);
                offsets.put(partition, new OffsetAndMetadata(next));
            }
        });
        return offsets;
    }

    /** How many records are taken in and not finished. */
    synchronized long open() {
        return taken.values().stream()
                .flatMap(records -> records.values().stream())
                .filter(done -> !done)
                .count();
    }
}
