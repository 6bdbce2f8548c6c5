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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All partitions of all topics of the contract, assigned by hand. */
public final class KafkaLog implements EventLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaLog.class);
    private static final int BATCH = 2_500;
    private static final int BATCH_BYTES = 4 * 1024 * 1024;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(30);

    /** Topics whose older records are gone by design: their start moves. */
    private static final Set<String> SHORT_LIVED =
            Set.of(Topic.BACKUP_PROGRESS.wireName(), Topic.RESTORE_TEST_PROGRESS.wireName());

    private final KafkaConnection connection;
    private final EventReader reader;
    private final DeadLetterWriter deadLetters;
    private final Admin admin;
    private @Nullable ReadAhead ahead;
    private List<ConsumerRecord<byte[], byte[]>> unreadable = List.of();
    private Map<Partition, Long> next = Map.of();

    private KafkaLog(KafkaConnection connection) {
        this.connection = connection;
        this.reader = new EventReader(connection);
        this.deadLetters = new DeadLetterWriter(connection);
        this.admin = Admin.create(connection.common());
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = connection.consumer("holdfast-catalog");
        // a lost offset must be seen, not skipped over (latest) or read twice (earliest)
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, BATCH_BYTES);
        return new KafkaConsumer<>(settings);
    }

    /** Makes sure that the topics exist and opens them. */
    public static KafkaLog open(KafkaConnection connection) {
        new ContractProvisioner(connection).provision();
        return new KafkaLog(connection);
    }

    @Override
    public void startAt(Map<Partition, Long> nextOffsets) {
        endReading();
        Consumer<byte[], byte[]> consumer = consumer();
        try {
            next = seek(consumer, nextOffsets);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        unreadable = List.of();
        ahead = new ReadAhead(consumer, reader::read, SHORT_LIVED);
    }

    private static Map<Partition, Long> seek(Consumer<byte[], byte[]> consumer, Map<Partition, Long> nextOffsets) {
        List<TopicPartition> all = partitions().toList();
        consumer.assign(all);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> end = consumer.endOffsets(all);
        Map<Partition, Long> positions = new HashMap<>();
        for (TopicPartition partition : all) {
            Partition name = new Partition(partition.topic(), partition.partition());
            Long known = nextOffsets.get(name);
            long from = first.getOrDefault(partition, 0L);
            long position = known == null ? from : valid(partition, known, from, end.getOrDefault(partition, 0L));
            consumer.seek(partition, position);
            positions.put(name, position);
        }
        return positions;
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
        if (ahead == null) {
            throw new IllegalStateException("startAt comes first");
        }
        return ahead.next(patience)
                .map(taken -> {
                    unreadable = taken.unreadable();
                    next = taken.nextOffsets();
                    return taken.records();
                })
                .orElse(List.of());
    }

    @Override
    public Map<Partition, Long> nextOffsets() {
        return next;
    }

    @Override
    public OptionalLong behind() {
        Map<TopicPartition, OffsetSpec> ends =
                partitions().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        try {
            return OptionalLong.of(admin
                    .listOffsets(ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .entrySet()
                    .stream()
                    .mapToLong(end -> Math.max(0, end.getValue().offset() - position(end.getKey())))
                    .sum());
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.debug("Kafka does not say how far the log goes", e);
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private long position(TopicPartition partition) {
        return next.getOrDefault(new Partition(partition.topic(), partition.partition()), 0L);
    }

    @Override
    public void deadLetter(List<LogRecord.Unreadable> records) {
        Map<String, ConsumerRecord<byte[], byte[]>> atHand =
                unreadable.stream().collect(Collectors.toMap(KafkaLog::place, Function.identity()));
        Map<ConsumerRecord<byte[], byte[]>, String> reasons = new LinkedHashMap<>();
        for (LogRecord.Unreadable record : records) {
            ConsumerRecord<byte[], byte[]> original =
                    atHand.get(record.position().toString());
            reasons.put(original == null ? fetched(record.position()) : original, record.reason());
        }
        deadLetters.write(reasons);
    }

    /** A record that was an event, and that the store then refused; it is rare. */
    private ConsumerRecord<byte[], byte[]> fetched(LogPosition position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        long deadline = System.nanoTime() + FETCH_LIMIT.toNanos();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, position.offset());
            do {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(ANSWER_LIMIT)) {
                    if (record.offset() == position.offset()) {
                        return record;
                    }
                }
            } while (System.nanoTime() < deadline);
        }
        throw new IllegalStateException(
                "Kafka does not give the record at %s again, which is to become a dead letter".formatted(position));
    }

    /** As {@link dev.holdfast.catalog.history.LogPosition} says it. */
    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    @Override
    public void close() {
        endReading();
        admin.close(ANSWER_LIMIT);
        reader.close();
        deadLetters.close();
    }

    private void endReading() {
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
    }
}
