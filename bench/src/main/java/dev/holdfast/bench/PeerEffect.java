package dev.holdfast.bench;

import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a peer's job does when it fires: the least that makes a fire visible outside, one acknowledged record. As large as the
 * product's request, but without a schema, a transaction, a second fact or a memory: all of that would only slow a peer down.
 */
final class PeerEffect implements AutoCloseable {

    static final int PARTITIONS = 12;

    static final int BYTES = 400;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    /** Creates the topic. */
    PeerEffect(KafkaConnection connection, String topic) throws InterruptedException, ExecutionException {
        this.topic = topic;
        try (Admin admin = Admin.create(connection.common())) {
            admin.createTopics(List.of(
                            new NewTopic(topic, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(connection.rawProducer("bench-peer"));
    }

    /** Returns once the broker has it: only then may the peer note that it has fired. */
    void fire(String stanza) {
        try {
            producer.send(new ProducerRecord<>(topic, stanza.getBytes(StandardCharsets.UTF_8), new byte[BYTES]))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refuses a fire of " + stanza, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a fire of " + stanza, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
