package dev.holdfast.catalog.intake;

import dev.holdfast.schemas.DeadLetters;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Puts unreadable records into the dead-letter topic of their topic, but for requests: those the scheduler answers, alone. */
final class DeadLetterWriter implements AutoCloseable {

    private static final String READER = "catalog";
    private static final Set<String> ANSWERED_BY_THE_SCHEDULER =
            Set.of(Topic.BACKUP_REQUESTS.wireName(), Topic.RESTORE_TEST_REQUESTS.wireName());

    private final Producer<byte[], byte[]> producer;

    DeadLetterWriter(KafkaConnection connection) {
        this.producer = new KafkaProducer<>(connection.rawProducer("holdfast-catalog"));
    }

    /** Returns once the broker has them all. */
    void write(Map<ConsumerRecord<byte[], byte[]>, String> reasons) {
        Map<ConsumerRecord<byte[], byte[]>, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        reasons.forEach((original, reason) -> {
            if (!ANSWERED_BY_THE_SCHEDULER.contains(original.topic())) {
                sent.put(original, producer.send(DeadLetters.of(original, READER, reason)));
            }
        });
        sent.forEach(DeadLetterWriter::await);
    }

    private static void await(ConsumerRecord<byte[], byte[]> original, Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka did not take the dead letter of %s-%d@%d"
                            .formatted(original.topic(), original.partition(), original.offset()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a dead letter was being written", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
