package dev.holdfast.scheduler.streams;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;

/** Makes records of events, with the serializer that the connection names. Not for several threads. */
final class OutgoingRecords implements AutoCloseable {

    private final Serializer<Object> serializer;

    OutgoingRecords(KafkaConnection connection) {
        Map<String, Object> settings = connection.producer("scheduler");
        this.serializer = serializer(String.valueOf(settings.get(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG)));
        serializer.configure(settings, false);
    }

    Record<byte[], Outgoing> of(SpecificRecord event, Causation causation, Instant now) {
        ProducerRecord<String, SpecificRecord> made = EventRecords.of(event, causation);
        byte[] value = serializer.serialize(made.topic(), made.headers(), event);
        return new Record<>(
                made.key().getBytes(StandardCharsets.UTF_8),
                new Outgoing(made.topic(), value),
                now.toEpochMilli(),
                made.headers());
    }

    @SuppressWarnings("unchecked") // serializers of events take any of them
    private static Serializer<Object> serializer(String className) {
        try {
            return Utils.newInstance(className, Serializer.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "value.serializer names %s, which is not on the class path".formatted(className), e);
        }
    }

    @Override
    public void close() {
        serializer.close();
    }
}
