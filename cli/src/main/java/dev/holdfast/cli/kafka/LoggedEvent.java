package dev.holdfast.cli.kafka;

import dev.holdfast.schemas.EventDecoder.Decoded;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/**
 * A record of the log and what it turned out to be.
 *
 * @param topic where it lies
 * @param partition where in the topic
 * @param offset where in the partition
 * @param recordedAt the record's own timestamp, UTC, milliseconds
 * @param content the event in it
 */
public record LoggedEvent(String topic, int partition, long offset, Instant recordedAt, Decoded content) {

    /** The partition it lies in. */
    public TopicPartition place() {
        return new TopicPartition(topic, partition);
    }
}
