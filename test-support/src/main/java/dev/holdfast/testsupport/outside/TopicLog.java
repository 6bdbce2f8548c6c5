package dev.holdfast.testsupport.outside;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Everything that happened: all topics of the product from offset 0, read like any consumer in any language would. */
public final class TopicLog implements AutoCloseable {

    private static final String PREFIX = "holdfast.";
    private static final byte MAGIC = 0;
    private static final int FRAME = 5;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SchemaRegistry registry;
    private final List<LoggedEvent> read = new ArrayList<>();

    public TopicLog(String bootstrapServers, SchemaRegistry registry) {
        this.registry = registry;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Every record up to now. */
    public synchronized List<LoggedEvent> all() {
        List<TopicPartition> partitions = partitions();
        if (!consumer.assignment().containsAll(partitions)) {
            consumer.assign(partitions);
            rewind(partitions);
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100)).forEach(raw -> read.add(decoded(raw)));
        }
        return List.copyOf(read);
    }

    /** Every record of a request, in the order of its topic. */
    public List<LoggedEvent> of(UUID requestId) {
        return all().stream().filter(event -> event.isOf(requestId)).toList();
    }

    /** The records of a request that have one of these types. */
    public List<LoggedEvent> of(UUID requestId, String... types) {
        Collection<String> wanted = List.of(types);
        return of(requestId).stream()
                .filter(event -> wanted.contains(event.type()))
                .toList();
    }

    /** Every event of one type. */
    public Stream<LoggedEvent> ofType(String type) {
        return all().stream().filter(event -> event.type().equals(type));
    }

    @Override
    public synchronized void close() {
        consumer.close();
    }

    /** A new topic changes the assignment; what was read already stays where it was. */
    private void rewind(List<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            long next = read.stream()
                    .filter(event -> event.raw().topic().equals(partition.topic())
                            && event.raw().partition() == partition.partition())
                    .mapToLong(event -> event.raw().offset() + 1)
                    .max()
                    .orElse(0);
            consumer.seek(partition, next);
        }
    }

    private List<TopicPartition> partitions() {
        return consumer.listTopics().entrySet().stream()
                .filter(topic -> topic.getKey().startsWith(PREFIX))
                .flatMap(topic -> topic.getValue().stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private LoggedEvent decoded(ConsumerRecord<byte[], byte[]> raw) {
        return new LoggedEvent(raw, body(raw.value()));
    }

    private @Nullable GenericRecord body(byte @Nullable [] value) {
        if (value == null || value.length < FRAME || value[0] != MAGIC) {
            return null;
        }
        try {
            Schema schema = registry.byId(ByteBuffer.wrap(value, 1, 4).getInt());
            return new GenericDatumReader<GenericRecord>(schema)
                    .read(null, DecoderFactory.get().binaryDecoder(value, FRAME, value.length - FRAME, null));
        } catch (IOException | AvroRuntimeException garbage) {
            // stories write such values on purpose
            return null;
        }
    }
}
