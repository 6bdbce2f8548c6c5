package dev.holdfast.cli.kafka;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;

/** Kafka as a person at a terminal needs it: it answers within seconds, or says that it cannot. */
public final class EventLog {

    private static final String CLIENT_ID = "holdfast-cli";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

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
        return settings;
    }

    private Map<String, Object> writerSettings() {
        Map<String, Object> settings = new HashMap<>(connection.producer(CLIENT_ID));
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
        return settings;
    }
}
