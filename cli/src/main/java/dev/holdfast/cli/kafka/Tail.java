package dev.holdfast.cli.kafka;

import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Reads topics from wherever it is put, without a consumer group: nothing is committed and nobody is disturbed. */
public final class Tail implements AutoCloseable {

    private final Consumer<byte[], byte[]> consumer;
    private final EventDecoder decoder;
    private final List<TopicPartition> partitions;

    Tail(Consumer<byte[], byte[]> consumer, KafkaConnection connection, Collection<Topic> topics) {
        this.consumer = consumer;
        this.decoder = new EventDecoder(connection);
        this.partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic.wireName()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
    }

    /** To the present end of every partition; settled when this returns. */
    public void toEnd() {
        consumer.endOffsets(partitions).forEach(consumer::seek);
    }

    /** To the first record of every partition. */
    public void toBeginning() {
        consumer.seekToBeginning(partitions);
    }

    /** To the first record of every partition that was recorded at this instant or later. */
    public void to(Instant instant) {
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> instant.toEpochMilli())));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        }
    }

    /** Where the log ends at present: see {@link #hasPassed}. */
    public Map<TopicPartition, Long> end() {
        return consumer.endOffsets(partitions);
    }

    /** True once everything before those offsets was read. */
    public boolean hasPassed(Map<TopicPartition, Long> end) {
        return partitions.stream()
                .allMatch(partition -> consumer.position(partition) >= end.getOrDefault(partition, 0L));
    }

    /** What there is to read, oldest first within this batch; nothing if the time runs out. */
    public List<LoggedEvent> poll(Duration atMost) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(atMost).forEach(records::add);
        records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return records.stream().map(this::decoded).toList();
    }

    @Override
    public void close() {
        consumer.close();
        decoder.close();
    }

    private LoggedEvent decoded(ConsumerRecord<byte[], byte[]> record) {
        return new LoggedEvent(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                decoder.decode(record.topic(), record.value()));
    }
}
