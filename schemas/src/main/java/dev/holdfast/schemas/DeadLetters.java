package dev.holdfast.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes the record that keeps an unreadable one: its bytes unchanged, where it lay and why it could not be read as headers. */
public final class DeadLetters {

    /** Headers that say where the record lay and what was wrong. */
    public static final String ORIGINAL_TOPIC = "holdfast-dlt-topic";

    /** Partition of the original record, decimal. */
    public static final String ORIGINAL_PARTITION = "holdfast-dlt-partition";

    /** Offset of the original record, decimal. */
    public static final String ORIGINAL_OFFSET = "holdfast-dlt-offset";

    /** Why it could not be read, for people. */
    public static final String REASON = "holdfast-dlt-reason";

    /** Which service gave up on it. */
    public static final String READER = "holdfast-dlt-reader";

    private DeadLetters() {}

    /**
     * The record for the dead-letter topic of the original's topic; send it with {@link KafkaConnection#rawProducer}.
     *
     * @param original the record as it was read
     * @param reader the service that could not read it
     * @param reason why, for people
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> original, String reader, String reason) {
        Headers headers = new RecordHeaders(original.headers().toArray());
        put(headers, ORIGINAL_TOPIC, original.topic());
        put(headers, ORIGINAL_PARTITION, String.valueOf(original.partition()));
        put(headers, ORIGINAL_OFFSET, String.valueOf(original.offset()));
        put(headers, READER, reader);
        put(headers, REASON, reason);
        return new ProducerRecord<>(
                original.topic() + Topic.DEAD_LETTER_SUFFIX, null, original.key(), original.value(), headers);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
