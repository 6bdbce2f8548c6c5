package dev.holdfast.testsupport;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventDecoder.Decoded;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * All topics of the contract as a test sees them: everything from offset 0 on, dead letters too, and a way to publish.
 * Reads when asked, in the caller's thread; safe for use by several threads.
 */
public final class EventLog implements AutoCloseable {

    // what takes seconds takes minutes on a machine that builds at the same time
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String CLIENT = "event-log";

    /**
     * One record.
     *
     * @param record as it was read
     * @param decoded what it turned out to be; {@code Unreadable} for most dead letters
     */
    public record Entry(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {}

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<String, SpecificRecord> producer;
    private final KafkaProducer<byte[], byte[]> rawProducer;
    private final EventDecoder decoder;
    private final List<Entry> entries = new ArrayList<>();

    private EventLog(KafkaConnection connection) {
        consumer = new KafkaConsumer<>(connection.consumer(CLIENT));
        producer = new KafkaProducer<>(connection.producer(CLIENT));
        rawProducer = new KafkaProducer<>(connection.rawProducer(CLIENT + "-raw"));
        decoder = new EventDecoder(connection);
    }

    /** Creates the topics that are missing and reads all of them. */
    public static EventLog open(KafkaConnection connection) {
        new ContractProvisioner(connection).provisionTopics();
        EventLog log = new EventLog(connection);
        List<TopicPartition> partitions = Stream.of(Topic.values())
                .flatMap(topic -> Stream.of(topic.wireName(), topic.deadLetterName()))
                .flatMap(topic -> log.consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        log.consumer.assign(partitions);
        log.consumer.seekToBeginning(partitions);
        return log;
    }

    /** Publishes an event that nothing in the log caused. Returns when it is acknowledged. */
    public RecordMetadata publish(SpecificRecord event) {
        return publish(event, Causation.none());
    }

    /** Publishes an event. Returns when it is acknowledged. */
    public RecordMetadata publish(SpecificRecord event, Causation causation) {
        return sent(producer, EventRecords.of(event, causation));
    }

    /** Publishes bytes as they are: garbage, for example. Returns when they are acknowledged. */
    public RecordMetadata publishRaw(Topic topic, String key, byte[] value) {
        return sent(
                rawProducer,
                new ProducerRecord<>(topic.wireName(), key.getBytes(java.nio.charset.StandardCharsets.UTF_8), value));
    }

    /** The first event of this class that the condition holds for; waits for it. */
    public <T extends SpecificRecord> T await(Class<T> type, Predicate<? super T> condition) {
        awaitTrue(type.getSimpleName(), () -> all(type).stream().anyMatch(condition));
        return all(type).stream().filter(condition).findFirst().orElseThrow();
    }

    /** Waits until the condition holds for all events read so far, in the order of their partitions. */
    public List<SpecificRecord> await(Predicate<List<SpecificRecord>> condition) {
        awaitTrue("the condition", () -> condition.test(events()));
        return events();
    }

    /** Waits until the topic's dead-letter topic has a record that the condition holds for. */
    public ConsumerRecord<byte[], byte[]> awaitDeadLetter(
            Topic topic, Predicate<ConsumerRecord<byte[], byte[]>> condition) {
        awaitTrue(
                "a dead letter of " + topic.wireName(),
                () -> deadLetters(topic).stream().anyMatch(condition));
        return deadLetters(topic).stream().filter(condition).findFirst().orElseThrow();
    }

    /** All events of this class up to now. */
    public <T extends SpecificRecord> List<T> all(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** All events up to now that are of this contract's version, without dead letters. */
    public List<SpecificRecord> events() {
        return entries().stream()
                .filter(entry -> !isDeadLetter(entry))
                .map(Entry::decoded)
                .filter(EventDecoder.Event.class::isInstance)
                .map(decoded -> ((EventDecoder.Event) decoded).event())
                .toList();
    }

    /** The dead letters of a topic up to now. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters(Topic topic) {
        return entries().stream()
                .map(Entry::record)
                .filter(record -> record.topic().equals(topic.deadLetterName()))
                .toList();
    }

    /** Every record up to now, dead letters too. */
    public synchronized List<Entry> entries() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(50))
                    .forEach(record -> entries.add(new Entry(record, decoder.decode(record.topic(), record.value()))));
        }
        return List.copyOf(entries);
    }

    @Override
    public synchronized void close() {
        consumer.close();
        producer.close();
        rawProducer.close();
        decoder.close();
    }

    private void awaitTrue(String what, java.util.concurrent.Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited %s for %s; the log has:%n%s".formatted(PATIENCE, what, inWords()), e);
        }
    }

    /** The newest last: of what is long, often only the end is kept. */
    private String inWords() {
        StringBuilder words = new StringBuilder();
        List<Entry> inOrder = entries().stream()
                .sorted(Comparator.comparingLong(entry -> entry.record().timestamp()))
                .toList();
        for (Entry entry : inOrder) {
            words.append("%s-%d@%d %s%n"
                    .formatted(
                            entry.record().topic(),
                            entry.record().partition(),
                            entry.record().offset(),
                            entry.decoded()));
        }
        return words.toString();
    }

    private static boolean isDeadLetter(Entry entry) {
        return entry.record().topic().endsWith(Topic.DEAD_LETTER_SUFFIX);
    }

    private static <K, V> RecordMetadata sent(KafkaProducer<K, V> producer, ProducerRecord<K, V> record) {
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("not published to " + record.topic() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing to " + record.topic(), e);
        }
    }
}
