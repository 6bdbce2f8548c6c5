package dev.holdfast.scheduler.publish;

import dev.holdfast.scheduler.log.LogTail;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.scheduler.policy.PolicyPen;
import dev.holdfast.scheduler.policy.PolicyVersions;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * All copies write policies under one transactional id. Kafka lets only the last one go on that has announced itself with it:
 * a transaction that was begun before can't be committed any more. So whoever has announced itself, and then read the log to
 * its end, knows every policy until the day on which its own write is refused. Safe for several threads.
 */
public final class FencingPen implements PolicyPen, AutoCloseable {

    /** The same for every copy that writes to the topic. */
    private static final String TRANSACTIONAL_ID = "holdfast-scheduler-policies";

    /** What a killed copy left open keeps others from reading on for so long. */
    private static final int TRANSACTION_MILLIS = 10_000;

    private static final Duration READ = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final ReadThrough progress;
    private @Nullable KafkaProducer<String, SpecificRecord> held;

    /**
     * Nobody has the pen yet.
     *
     * @param progress of the book that the changes are made of
     */
    public FencingPen(KafkaConnection connection, ReadThrough progress) {
        this.connection = connection;
        this.progress = progress;
    }

    @Override
    public synchronized void take() {
        if (held != null) {
            return;
        }
        KafkaProducer<String, SpecificRecord> taken = producer();
        try {
            taken.initTransactions();
            readWhatOthersWrote();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            taken.close(Duration.ZERO);
            throw notPublished("the scheduler is stopping", e);
        } catch (RuntimeException e) {
            taken.close(Duration.ZERO);
            throw notPublished("Kafka did not give the right to change policies", e);
        }
        held = taken;
    }

    private KafkaProducer<String, SpecificRecord> producer() {
        Map<String, Object> settings = new HashMap<>(connection.producer("scheduler-policies"));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        return new KafkaProducer<>(settings);
    }

    private void readWhatOthersWrote() throws InterruptedException {
        Map<TopicPartition, Long> last =
                LogTail.lastOffsets(new KafkaConsumer<>(connection.consumer("scheduler-policies")), partitions());
        if (!progress.await(last, READ)) {
            throw new IllegalStateException(
                    "this copy has not read the policies up to %s within %s".formatted(last, READ));
        }
    }

    private static Set<TopicPartition> partitions() {
        return IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topic.POLICIES.wireName(), partition))
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized boolean write(PolicyVersions.Change change) {
        KafkaProducer<String, SpecificRecord> writing = held;
        if (writing == null) {
            return false;
        }
        try {
            writing.beginTransaction();
            writing.send(EventRecords.of(change.policy(), Causation.none()));
            writing.send(EventRecords.of(change.changed(), Causation.by(change.policy())));
            writing.commitTransaction();
            return true;
        } catch (RuntimeException e) {
            held = null;
            boolean taken = isTakenByAnother(e);
            if (!taken) {
                abort(writing, e);
            }
            writing.close(Duration.ZERO);
            if (taken) {
                return false;
            }
            throw notPublished(
                    "the policy of %s was not published"
                            .formatted(change.policy().getStanza()),
                    e);
        }
    }

    private static void abort(KafkaProducer<String, SpecificRecord> writing, RuntimeException cause) {
        try {
            writing.abortTransaction();
        } catch (RuntimeException e) {
            // Kafka ends it by itself when its time is over
            cause.addSuppressed(e);
        }
    }

    private static boolean isTakenByAnother(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ProducerFencedException
                        || cause instanceof InvalidProducerEpochException
                        // it was not used for a week
                        || cause instanceof InvalidPidMappingException);
    }

    private static NotPublishedException notPublished(String what, Exception e) {
        return new NotPublishedException(what + ": " + e.getMessage(), e);
    }

    @Override
    public synchronized void close() {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
