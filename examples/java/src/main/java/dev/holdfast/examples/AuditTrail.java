package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows Holdfast's log from its beginning and prints a line of JSON for each fact: {@code AuditTrail [GROUP]}.
 * Where Kafka and the registry are is read from {@code HOLDFAST_KAFKA}, {@code HOLDFAST_REGISTRY} and {@code
 * HOLDFAST_KAFKA_CONFIG}.
 */
public final class AuditTrail {

    private static final List<Topic> TOPICS = List.of(
            Topic.BACKUP_REQUESTS,
            Topic.CONTROLS,
            Topic.BACKUP_EVENTS,
            Topic.REPOSITORY_EVENTS,
            Topic.RESTORE_TEST_REQUESTS,
            Topic.RESTORE_TEST_EVENTS,
            Topic.POLICY_EVENTS);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int REMEMBERED = 100_000;

    private final ObjectMapper json = new ObjectMapper();
    /** Delivery is at least once. A database would have a unique key on the event's id instead of this window. */
    private final Set<UUID> seen = Collections.newSetFromMap(new Window<>());

    private AuditTrail() {}

    /**
     * Runs until it is told to end.
     *
     * @param arguments the consumer group, which remembers how far it has read; {@code audit-trail-java} if absent
     */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaConnection connection = KafkaConnection.from(System.getenv());
        Map<String, Object> settings = connection.consumer("audit-trail-java");
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, arguments.length == 0 ? "audit-trail-java" : arguments[0]);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

        Thread reader = Thread.currentThread();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings);
                EventDecoder decoder = new EventDecoder(connection)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(consumer, reader)));
            consumer.subscribe(TOPICS.stream().map(Topic::wireName).toList());
            new AuditTrail().follow(consumer, decoder);
        } catch (WakeupException ended) {
            // by the signal that the shutdown hook has seen
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer, EventDecoder decoder) {
        while (true) {
            for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(POLL)) {
                switch (decoder.decode(kafkaRecord.topic(), kafkaRecord.value())) {
                    case EventDecoder.Event(SpecificRecord event) -> tell(event);
                    // a newer Holdfast's; this program has no use for what it does not know
                    case EventDecoder.UnknownType unknown -> {}
                    // Holdfast itself answers it, and keeps it in the dead-letter topic
                    case EventDecoder.Unreadable unreadable -> {}
                }
            }
            // after the lines are out: a crash repeats events, it loses none
            consumer.commitSync();
        }
    }

    private void tell(SpecificRecord event) {
        Envelope envelope = Envelope.of(event);
        if (!seen.add(envelope.eventId())) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", EventType.of(event).shortName());
        line.put("at", envelope.occurredAt().toString());
        line.put("stanza", envelope.stanza().orElse(null));
        line.put("requestId", envelope.requestId().map(UUID::toString).orElse(null));
        line.put("by", envelope.producer().getService());
        line.put("eventId", envelope.eventId().toString());
        line.put("topic", EventType.of(event).topic().wireName());
        System.out.println(lineOf(line));
    }

    private String lineOf(Map<String, Object> line) {
        try {
            return json.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts only, and still no JSON: " + line, e);
        }
    }

    private static void end(KafkaConsumer<?, ?> consumer, Thread reader) {
        consumer.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets the oldest entries. */
    private static final class Window<K> extends LinkedHashMap<K, Boolean> {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }
}
