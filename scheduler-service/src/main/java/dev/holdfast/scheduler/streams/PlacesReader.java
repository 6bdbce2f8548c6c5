package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.Place;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the gate's places from its store's changelog, so that any instance can tell who waits, wherever the gate is. The
 * changelog is compacted into small segments, so it is read in well under a second, and only when somebody asks.
 */
public final class PlacesReader {

    /** Small segments, compacted soon: the changelog is read as a whole. */
    static final Map<String, String> CHANGELOG = Map.of(
            "segment.bytes", String.valueOf(4 << 20),
            "segment.ms", String.valueOf(Duration.ofHours(1).toMillis()),
            "min.cleanable.dirty.ratio", "0.1",
            "delete.retention.ms", String.valueOf(Duration.ofMinutes(5).toMillis()));

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection connection;
    private final TopicPartition changelog;

    /** A reader of one application's gate. */
    public PlacesReader(KafkaConnection connection, String application) {
        this.connection = connection;
        this.changelog = new TopicPartition("%s-%s-changelog".formatted(application, GateProcessor.STORE), 0);
    }

    /** All places as they are now: those that are taken first, then those that wait, in the order of their turn. */
    public List<Gate.Entry> read() {
        Map<String, Gate.Entry> places = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(connection.consumer("scheduler-queue"))) {
            consumer.assign(Set.of(changelog));
            consumer.seekToBeginning(Set.of(changelog));
            long end = consumer.endOffsets(Set.of(changelog)).getOrDefault(changelog, 0L);
            while (consumer.position(changelog) < end) {
                consumer.poll(POLL).forEach(message -> {
                    String id = new String(message.key(), StandardCharsets.UTF_8);
                    if (message.value() == null) {
                        places.remove(id);
                    } else {
                        places.put(id, GateCodec.entry(message.value()));
                    }
                });
            }
        }
        return places.values().stream()
                .sorted(Comparator.comparing((Gate.Entry entry) -> !entry.taken())
                        .thenComparing(Gate.Entry::place, Place.TURN))
                .toList();
    }
}
