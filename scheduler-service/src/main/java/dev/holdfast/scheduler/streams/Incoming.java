package dev.holdfast.scheduler.streams;

import dev.holdfast.schemas.CloudEventHeaders;
import dev.holdfast.schemas.DeadLetters;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Turns records into events, and those that can't be into dead letters. One for each processor: not for several threads. */
final class Incoming implements AutoCloseable {

    /** Names the topic that a record came from, on the way through the repartition topic. */
    static final String TOPIC_HEADER = "holdfast-topic";

    private static final String READER = "scheduler";

    private final EventDecoder decoder;

    Incoming(KafkaConnection connection) {
        this.decoder = new EventDecoder(connection);
    }

    /** What a record turned out to be. */
    sealed interface Read {}

    /** An event that belongs on its topic. */
    record Event(SpecificRecord event, String stanza) implements Read {}

    /** Nothing for the scheduler: a type that this version does not know, or one about no stanza. */
    record OfNoConcern() implements Read {}

    /** Not readable. */
    record Dead(String reason) implements Read {}

    Read read(String topic, byte @Nullable [] value) {
        return switch (decoder.decode(topic, value)) {
            case EventDecoder.Unreadable unreadable -> new Dead(unreadable.reason());
            case EventDecoder.UnknownType unknown -> new OfNoConcern();
            case EventDecoder.Event decoded -> {
                EventType type = EventType.of(decoded.event());
                if (!type.topic().wireName().equals(topic)) {
                    yield new Dead("a %s belongs on %s"
                            .formatted(type.shortName(), type.topic().wireName()));
                }
                Optional<String> stanza = Envelope.of(decoded.event()).stanza();
                yield stanza.isPresent() ? new Event(decoded.event(), stanza.get()) : new OfNoConcern();
            }
        };
    }

    /** The topic that a record came from, also behind the repartition topic. */
    static String topicOf(Record<byte[], byte[]> message, Optional<RecordMetadata> metadata) {
        return CloudEventHeaders.text(message.headers(), TOPIC_HEADER)
                .or(() -> metadata.map(RecordMetadata::topic))
                .orElseThrow(() -> new IllegalStateException("a record without a topic"));
    }

    /** The record that keeps an unreadable one. */
    static Record<byte[], Outgoing> deadLetter(
            Record<byte[], byte[]> message, Optional<RecordMetadata> metadata, String topic, String reason) {
        ConsumerRecord<byte[], byte[]> original = new ConsumerRecord<>(
                topic,
                metadata.map(RecordMetadata::partition).orElse(-1),
                metadata.map(RecordMetadata::offset).orElse(-1L),
                message.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                0,
                message.key(),
                message.value(),
                message.headers(),
                Optional.empty());
        ProducerRecord<byte[], byte[]> letter = DeadLetters.of(original, READER, reason);
        return new Record<>(
                letter.key(), new Outgoing(letter.topic(), letter.value()), message.timestamp(), letter.headers());
    }

    @Override
    public void close() {
        decoder.close();
    }
}
