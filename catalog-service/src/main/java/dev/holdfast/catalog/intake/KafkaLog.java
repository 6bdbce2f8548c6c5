package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.EventLog;
import dev.holdfast.catalog.history.LogPosition;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.LostHistoryException;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All partitions of all topics of the contract, assigned by hand. */
public final class KafkaLog implements EventLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaLog.class);
    private static final int BATCH = 2_000;
    private static final int BATCH_BYTES = 8 * 1024 * 1024;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /** Topics whose older records are gone by design: their start moves. */
    private static final Set<String> SHORT_LIVED =
            Set.of(Topic.BACKUP_PROGRESS.wireName(), Topic.RESTORE_TEST_PROGRESS.wireName());

    private final EventReader reader;
    private final Consumer<byte[], byte[]> consumer;
    private final DeadLetterWriter deadLetters;
    private final List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();

    private KafkaLog(KafkaConnection connection) {
        Map<String, Object> settings = connection.consumer("holdfast-catalog");
        // a lost offset must be seen, not skipped over (latest) or read twice (earliest)
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, BATCH_BYTES);
        this.reader = new EventReader(connection);
        this.consumer = new KafkaConsumer<>(settings);
        this.deadLetters = new DeadLetterWriter(connection);
    }

    /** Makes sure that the topics exist and opens them. */
    public static KafkaLog open(KafkaConnection connection) {
        new ContractProvisioner(connection).provision();
        return new KafkaLog(connection);
    }

    @Override
    public void startAt(Map<Partition, Long> nextOffsets) {
        List<TopicPartition> all = partitions().toList();
        consumer.assign(all);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> end = consumer.endOffsets(all);
        for (TopicPartition partition : all) {
            Long known = nextOffsets.get(new Partition(partition.topic(), partition.partition()));
            long from = first.getOrDefault(partition, 0L);
            consumer.seek(
                    partition, known == null ? from : valid(partition, known, from, end.getOrDefault(partition, 0L)));
        }
    }

    private static long valid(TopicPartition partition, long known, long from, long to) {
        if (known >= from && known <= to) {
            return known;
        }
        if (SHORT_LIVED.contains(partition.topic())) {
            return from;
        }
        throw new LostHistoryException(
                "the catalog has read %s up to offset %d, but the log there goes from %d to %d: it was truncated or made anew, or this is another Kafka; if it is the right one, ask for a rebuild with an empty database"
                        .formatted(partition, known, from, to));
    }

    private static Stream<TopicPartition> partitions() {
        return Stream.of(Topic.values())
                .flatMap(topic -> IntStream.range(0, Topic.PARTITIONS)
                        .mapToObj(number -> new TopicPartition(topic.wireName(), number)));
    }

    @Override
    public List<LogRecord> poll(Duration patience) {
        batch.clear();
        try {
            consumer.poll(patience).forEach(batch::add);
        } catch (OffsetOutOfRangeException e) {
            onlyShortLived(e.partitions());
        }
        return batch.stream().map(reader::read).toList();
    }

    private void onlyShortLived(Set<TopicPartition> lost) {
        if (lost.stream().anyMatch(partition -> !SHORT_LIVED.contains(partition.topic()))) {
            throw new LostHistoryException(
                    "the log no longer holds the next records of %s, which is kept for ever".formatted(lost));
        }
        LOGGER.info("heartbeats expired before they were read partitions={}", lost);
        consumer.seekToBeginning(lost);
    }

    @Override
    public Map<Partition, Long> nextOffsets() {
        return consumer.assignment().stream()
                .collect(Collectors.toMap(
                        partition -> new Partition(partition.topic(), partition.partition()), consumer::position));
    }

    @Override
    public OptionalLong behind() {
        try {
            return OptionalLong.of(consumer.endOffsets(consumer.assignment(), ANSWER_LIMIT).entrySet().stream()
                    .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey(), ANSWER_LIMIT)))
                    .sum());
        } catch (TimeoutException e) {
            LOGGER.debug("Kafka does not say how far the log goes", e);
            return OptionalLong.empty();
        }
    }

    @Override
    public void deadLetter(LogRecord.Unreadable record) {
        deadLetters.write(original(record.position()), record.reason());
    }

    private ConsumerRecord<byte[], byte[]> original(LogPosition position) {
        return batch.stream()
                .filter(record -> record.topic().equals(position.topic())
                        && record.partition() == position.partition()
                        && record.offset() == position.offset())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no record at %s in the last batch".formatted(position)));
    }

    @Override
    public void close() {
        consumer.close();
        reader.close();
        deadLetters.close();
    }
}
