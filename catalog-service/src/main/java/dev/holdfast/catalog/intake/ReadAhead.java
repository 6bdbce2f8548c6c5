package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.LostHistoryException;
import dev.holdfast.catalog.history.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and decodes the next batch while the last one is being written: the one half of the work is this process's, the other the database's. A
 * thread of its own has the consumer; one batch at most waits to be taken.
 */
final class ReadAhead implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReadAhead.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final Function<ConsumerRecord<byte[], byte[]>, LogRecord> reader;
    private final Set<String> shortLived;
    private final SynchronousQueue<Outcome> handOver = new SynchronousQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("log-reader").daemon(true).unstarted(this::run);

    /**
     * Begins to read.
     *
     * @param consumer assigned and at its place; ended with this
     * @param reader from bytes to an event; called by one thread
     * @param shortLived topics whose older records may be gone
     */
    ReadAhead(
            Consumer<byte[], byte[]> consumer,
            Function<ConsumerRecord<byte[], byte[]>, LogRecord> reader,
            Set<String> shortLived) {
        this.consumer = consumer;
        this.reader = reader;
        this.shortLived = shortLived;
        thread.start();
    }

    /** What the thread has to tell. */
    sealed interface Outcome {}

    /**
     * Records and where the log goes on after them.
     *
     * @param records what they are
     * @param unreadable those of them that are no event, as Kafka has them. Not all: three batches are in the memory at once, and bytes and headers of each
     *     record would be most of it
     * @param nextOffsets also of partitions that had only transaction markers
     */
    record Batch(
            List<LogRecord> records, List<ConsumerRecord<byte[], byte[]>> unreadable, Map<Partition, Long> nextOffsets)
            implements Outcome {}

    /** Why nothing more will come. */
    record Failed(RuntimeException cause) implements Outcome {}

    /** The next batch; empty if none came in time. Throws what ended the reading. */
    Optional<Batch> next(Duration patience) {
        try {
            return switch (handOver.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                case Batch batch -> Optional.of(batch);
                case Failed failed -> throw failed.cause();
                case null -> Optional.empty();
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void run() {
        try (consumer) {
            Map<Partition, Long> before = positions();
            while (!Thread.currentThread().isInterrupted()) {
                Batch batch = read(poll());
                if (!batch.nextOffsets().equals(before)) {
                    handOver.put(batch);
                    before = batch.nextOffsets();
                }
            }
        } catch (InterruptedException e) {
            LOGGER.debug("the reading was ended", e);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException cause) {
        try {
            handOver.put(new Failed(cause));
        } catch (InterruptedException e) {
            // whoever ends the reading does not want to know why it failed
            LOGGER.debug("the reading failed while it was being ended", cause);
        }
    }

    private Batch read(ConsumerRecords<byte[], byte[]> polled) {
        Map<Partition, Long> after = positions();
        List<LogRecord> records = new ArrayList<>(polled.count());
        List<ConsumerRecord<byte[], byte[]>> unreadable = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> original : polled) {
            LogRecord record = reader.apply(original);
            records.add(record);
            if (record instanceof LogRecord.Unreadable) {
                unreadable.add(original);
            }
        }
        return new Batch(records, unreadable, after);
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(PATIENCE);
        } catch (OffsetOutOfRangeException e) {
            onlyShortLived(e.partitions());
            return ConsumerRecords.empty();
        }
    }

    private void onlyShortLived(Set<TopicPartition> lost) {
        if (lost.stream().anyMatch(partition -> !shortLived.contains(partition.topic()))) {
            throw new LostHistoryException(
                    "the log no longer holds the next records of %s, which is kept for ever".formatted(lost));
        }
        LOGGER.info("heartbeats expired before they were read partitions={}", lost);
        consumer.seekToBeginning(lost);
    }

    private Map<Partition, Long> positions() {
        Map<Partition, Long> positions = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            positions.put(new Partition(partition.topic(), partition.partition()), consumer.position(partition));
        }
        return positions;
    }

    /** Ends the thread, and the consumer with it. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(END_LIMIT)) {
                throw new KafkaException("the reader of the log did not end within " + END_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
