package dev.holdfast.cli.kafka;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.Requester;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;

/** Kafka as a person at a terminal needs it: it answers within seconds, or says that it cannot. */
public final class EventLog {

    private static final String CLIENT_ID = "holdfast-cli";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int FETCH_BYTES = 8 * 1024 * 1024;

    private final KafkaConnection connection;

    private EventLog(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * The log at this address.
     *
     * @throws CommandFailure if Kafka or the registry takes no connections
     */
    public static EventLog at(KafkaConnection connection) {
        Reachability.check(connection);
        return new EventLog(connection);
    }

    /**
     * Opens a reader that stands at the present end of these topics: what is published from now on, it reads.
     *
     * @throws CommandFailure if Kafka does not answer
     */
    public Tail fromNow(Collection<Topic> topics) {
        Tail tail = open(topics);
        answered(() -> {
            tail.toEnd();
            return tail;
        });
        return tail;
    }

    /** Opens a reader of these topics that stands nowhere yet: move it first. */
    public Tail open(Collection<Topic> topics) {
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(readerSettings());
        return answered(() -> {
            createMissingTopics(consumer);
            return new Tail(consumer, connection, topics);
        });
    }

    /**
     * Publishes one event and waits until Kafka has it.
     *
     * @throws CommandFailure if Kafka or the registry does not take it
     */
    public void publish(SpecificRecord event) {
        answered(() -> {
            try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(writerSettings())) {
                producer.send(EventRecords.of(event, Causation.none())).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return event;
            } catch (ExecutionException | TimeoutException e) {
                throw new KafkaException(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted", e);
            }
        });
    }

    /**
     * Loads what publishing and following need without reaching anything: for the training of an AOT cache.
     *
     * @param connection leads nowhere, with a registry in memory
     */
    public static void rehearse(KafkaConnection connection) {
        EventLog log = new EventLog(connection);
        BackupRequested event = BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(Instant.now()))
                .setOccurredAt(Instant.now())
                .setStanza("rehearsal")
                .setRequestId(UUID.randomUUID())
                .setProducer(new Producer("cli", "rehearsal", ""))
                .setType(BackupType.FULL)
                .setRequestedBy(new Requester("rehearsal", PrincipalSource.OPERATING_SYSTEM_USER))
                .build();
        try (AvroWireSerializer serializer = new AvroWireSerializer();
                EventDecoder decoder = new EventDecoder(connection)) {
            serializer.configure(connection.serde(), false);
            String topic = EventRecords.of(event, Causation.none()).topic();
            if (decoder.decode(topic, serializer.serialize(topic, event)) instanceof EventDecoder.Event read) {
                EventFields.of((IndexedRecord) read.event());
            }
        }
        new KafkaProducer<>(log.writerSettings()).close(Duration.ZERO);
        new KafkaConsumer<>(log.readerSettings()).close(CloseOptions.timeout(Duration.ZERO));
    }

    private void createMissingTopics(Consumer<byte[], byte[]> consumer) {
        Set<String> existing = consumer.listTopics(PATIENCE).keySet();
        for (Topic topic : Topic.values()) {
            if (!existing.contains(topic.wireName())) {
                new ContractProvisioner(connection).provisionTopics();
                return;
            }
        }
    }

    /**
     * Kafka's answer, or a clear word that there is none: on a thread of its own, because a serializer waits for its registry
     * without a limit.
     */
    private <T> T answered(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread asking = Thread.ofPlatform().daemon().name("holdfast-kafka").unstarted(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        asking.start();
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unreachable(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw unreachable("no answer within %d s".formatted(PATIENCE.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    private CommandFailure unreachable(String why) {
        return CommandFailure.unreachable(
                "Kafka and its schema registry",
                connection.common().get("bootstrap.servers") + " and " + connection.registry(),
                why,
                "Start the local stack with ./holdfast up; --verbose shows the clients' own words.");
    }

    private Map<String, Object> readerSettings() {
        Map<String, Object> settings = new HashMap<>(connection.consumer(CLIENT_ID));
        settings.putIfAbsent("default.api.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        // a restore test's evidence is up to 256 KiB: a small heap holds so many of them, and bytes to come
        settings.putIfAbsent("max.poll.records", "50");
        settings.putIfAbsent("fetch.max.bytes", String.valueOf(FETCH_BYTES));
        return settings;
    }

    private Map<String, Object> writerSettings() {
        Map<String, Object> settings = new HashMap<>(connection.producer(CLIENT_ID));
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
        return settings;
    }
}
