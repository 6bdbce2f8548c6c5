package dev.holdfast.bench;

import dev.holdfast.schemas.CloudEventHeaders;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads one topic from its end on, committed records only, and notes when each became readable. */
final class FireWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * A record as a consumer saw it.
     *
     * @param key the stanza
     * @param type the CloudEvents type; empty if the record has none
     * @param partition that it lies in
     * @param readable when the consumer was given it, epoch microseconds
     * @param appended Kafka's timestamp, epoch milliseconds
     * @param value as it is on the wire
     */
    record Seen(String key, String type, int partition, long readable, long appended, ByteBuffer value) {}

    FireWatch(KafkaConnection connection, String topic, int partitions) {
        var settings = connection.consumer("bench-watch");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        consumer = new KafkaConsumer<>(settings);
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        // the seek is lazy: without this, it would be to the end after the first fire
        all.forEach(consumer::position);
    }

    /** Everything until so many keys have been seen and nothing more came for a while, or until the deadline. */
    List<Seen> await(int keys, Instant deadline) {
        List<Seen> seen = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        Instant last = Instant.now();
        while (Instant.now().isBefore(deadline)
                && (distinct.size() < keys || Instant.now().isBefore(last.plus(QUIET)))) {
            for (Seen record : poll()) {
                seen.add(record);
                distinct.add(record.key());
                last = Instant.now();
            }
        }
        return seen;
    }

    /** What became readable in the last moments. */
    List<Seen> poll() {
        List<Seen> seen = new ArrayList<>();
        var records = consumer.poll(POLL);
        long now = Micros.now();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            seen.add(new Seen(
                    new String(record.key(), StandardCharsets.UTF_8),
                    CloudEventHeaders.text(record.headers(), "ce_type").orElse(""),
                    record.partition(),
                    now,
                    record.timestamp(),
                    ByteBuffer.wrap(record.value())));
        }
        return seen;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
