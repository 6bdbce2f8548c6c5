package dev.holdfast.runner.intake;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks where partitions end, over a connection of its own: a broker answers a connection's questions in turn, and on the one
 * that follows the log there is always a fetch that waits for news. Safe for many threads, which take turns.
 */
final class LogEnds implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogEnds.class);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Collection<TopicPartition> partitions;
    private final ReentrantLock turn = new ReentrantLock();

    /** Of these partitions. They are assigned, as the client wants it, but never polled. */
    LogEnds(Map<String, Object> settings, Collection<TopicPartition> partitions) {
        this.consumer = new KafkaConsumer<>(settings);
        this.partitions = List.copyOf(partitions);
        consumer.assign(this.partitions);
    }

    /**
     * The offsets of what comes next, asked for as long as Kafka is away.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    Map<TopicPartition, Long> now() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            while (true) {
                try {
                    return consumer.endOffsets(partitions);
                } catch (InterruptException e) {
                    throw (InterruptedException)
                            new InterruptedException("while the log's end was asked for").initCause(e);
                } catch (KafkaException e) {
                    LOGGER.atWarn()
                            .addKeyValue("error", String.valueOf(e.getMessage()))
                            .log("the end of the log could not be asked for; trying again");
                    TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
                }
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        } finally {
            turn.unlock();
        }
    }
}
