package dev.holdfast.bench;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** A running stack, reached by Kafka alone: publishes requests and waits for the facts that answer them. */
final class StackUnderTest implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Producer BENCH = new Producer("bench", "bench", "");

    private final KafkaProducer<String, SpecificRecord> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventDecoder decoder;
    // of a poll that brought more facts than the one that was waited for
    private final Deque<Fact> unseen = new ArrayDeque<>();

    StackUnderTest(KafkaConnection connection) {
        producer = new KafkaProducer<>(connection.producer("bench"));
        consumer = new KafkaConsumer<>(connection.consumer("bench"));
        decoder = new EventDecoder(connection);
        List<TopicPartition> facts = Stream.of(Topic.BACKUP_EVENTS, Topic.RESTORE_TEST_EVENTS)
                .flatMap(topic -> consumer.partitionsFor(topic.wireName()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(facts);
        consumer.seekToEnd(facts);
        // the seek is lazy: without this, it would be to the end after the first request
        facts.forEach(consumer::position);
    }

    /**
     * A fact and when it was appended.
     *
     * @param appendedAt by Kafka's record, epoch milliseconds
     */
    record Fact(SpecificRecord event, long appendedAt) {}

    /** Publishes a request for a full backup; gives when it was appended, epoch milliseconds. */
    long requestBackup(String stanza, UUID requestId) {
        return publish(BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(Instant.now()))
                .setOccurredAt(Instant.now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(BENCH)
                .setType(BackupType.FULL)
                .setRequestedBy(requester())
                .setReason("bench/run")
                .build());
    }

    /** Publishes a request for a proof of one backup to its end; gives when it was appended, epoch milliseconds. */
    long requestProof(String stanza, String label, UUID testId) {
        return publish(RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(Instant.now()))
                .setOccurredAt(Instant.now())
                .setStanza(stanza)
                .setRequestId(testId)
                .setProducer(BENCH)
                .setTestId(testId)
                .setBackupLabel(label)
                .setTarget(new RestoreTarget(TargetKind.BACKUP_END, null))
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester())
                .setReason("bench/run")
                .build());
    }

    /** Waits for the first fact of a request that the condition holds for. */
    Fact await(UUID requestId, Predicate<SpecificRecord> condition) {
        return awaitAny(Set.of(requestId), condition);
    }

    /** Waits for the first fact of any of these requests that the condition holds for. */
    Fact awaitAny(Set<UUID> requests, Predicate<SpecificRecord> condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            consumer.poll(Duration.ofMillis(200))
                    .forEach(record -> factOf(record).ifPresent(unseen::add));
            for (Iterator<Fact> facts = unseen.iterator(); facts.hasNext(); ) {
                Fact fact = facts.next();
                facts.remove();
                if (isOfAny(fact, requests) && condition.test(fact.event())) {
                    return fact;
                }
            }
        }
        throw new IllegalStateException("no fact of the requests %s after %s".formatted(requests, PATIENCE));
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        decoder.close();
    }

    private long publish(SpecificRecord request) {
        try {
            return producer.send(EventRecords.of(request, Causation.none()))
                    .get()
                    .timestamp();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the request was not published", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing", e);
        }
    }

    private Optional<Fact> factOf(ConsumerRecord<byte[], byte[]> record) {
        return decoder.decode(record.topic(), record.value()) instanceof EventDecoder.Event known
                ? Optional.of(new Fact(known.event(), record.timestamp()))
                : Optional.empty();
    }

    private static boolean isOfAny(Fact fact, Set<UUID> requests) {
        return Envelope.of(fact.event()).requestId().filter(requests::contains).isPresent();
    }

    private static Requester requester() {
        return new Requester("bench", PrincipalSource.KAFKA_CLIENT_ASSERTED);
    }
}
