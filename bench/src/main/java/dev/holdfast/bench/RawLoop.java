package dev.holdfast.bench;

import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The anchor of event to exec: the least that a runner must do between a request and a process. Polls, writes one
 * acknowledged claim record, reads the claim back, forks. No checks, no schema, no memory.
 */
final class RawLoop implements AutoCloseable {

    private static final TopicPartition REQUESTS = new TopicPartition("bench.raw.requests", 0);
    private static final TopicPartition CLAIMS = new TopicPartition("bench.raw.claims", 0);

    private final KafkaConnection connection;
    private final List<String> program;
    private final KafkaProducer<byte[], byte[]> requester;
    private final Thread runner = new Thread(this::run, "raw-loop");
    private volatile boolean ended;

    /** @param program what is forked for each request, with the request's id as its last argument */
    RawLoop(KafkaConnection connection, List<String> program) {
        this.connection = connection;
        this.program = program;
        createTopics();
        requester = new KafkaProducer<>(connection.rawProducer("bench-raw-requester"));
        runner.start();
    }

    /** Publishes one request. */
    void request(UUID id) {
        send(requester, REQUESTS, id.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        ended = true;
        try {
            runner.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requester.close();
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> requests = readingFromItsEnd(REQUESTS);
                KafkaConsumer<byte[], byte[]> claims = readingFromItsEnd(CLAIMS);
                KafkaProducer<byte[], byte[]> claimant = new KafkaProducer<>(connection.rawProducer("bench-raw"))) {
            while (!ended) {
                for (ConsumerRecord<byte[], byte[]> request : requests.poll(Duration.ofMillis(100))) {
                    long claim = send(claimant, CLAIMS, request.value());
                    readBack(claims, claim);
                    fork(new String(request.value(), StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static void readBack(KafkaConsumer<byte[], byte[]> claims, long offset) {
        while (claims.position(CLAIMS) <= offset) {
            claims.poll(Duration.ofMillis(100));
        }
    }

    private void fork(String id) {
        try {
            List<String> command = new java.util.ArrayList<>(program);
            command.add(id);
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KafkaConsumer<byte[], byte[]> readingFromItsEnd(TopicPartition partition) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(connection.consumer("bench-raw"));
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
        return consumer;
    }

    private void createTopics() {
        try (Admin admin = Admin.create(connection.common())) {
            var existing = admin.listTopics().names().get();
            admin.createTopics(List.of(REQUESTS, CLAIMS).stream()
                            .map(TopicPartition::topic)
                            .filter(topic -> !existing.contains(topic))
                            .map(topic -> new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "3600000")))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refuses the topics of the raw loop", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were being created", e);
        }
    }

    private static long send(KafkaProducer<byte[], byte[]> producer, TopicPartition to, byte[] value) {
        try {
            return producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value))
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refuses a record of the raw loop", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the raw loop", e);
        }
    }
}
