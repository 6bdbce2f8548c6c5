package dev.holdfast.scheduler.publish;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.EventType;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.support.MessageBuilder;

/** Publishes requests through the bindings {@code backup-requests} and {@code restore-test-requests}. */
public final class RequestPublisher {

    private final StreamBridge bridge;

    /** A publisher through this bridge. */
    public RequestPublisher(StreamBridge bridge) {
        this.bridge = bridge;
    }

    /**
     * Publishes a request and waits until the brokers have it.
     *
     * @throws NotPublishedException if they don't take it
     */
    public void publish(SpecificRecord request) {
        ProducerRecord<String, SpecificRecord> made = EventRecords.of(request, Causation.none());
        MessageBuilder<SpecificRecord> message = MessageBuilder.withPayload(request)
                .setHeader(KafkaHeaders.KEY, made.key().getBytes(StandardCharsets.UTF_8));
        for (Header header : made.headers()) {
            message.setHeader(header.key(), header.value());
        }
        try {
            bridge.send(bindingOf(EventType.of(request)), message.build());
        } catch (RuntimeException e) {
            throw new NotPublishedException(
                    "the request was not published to %s: %s".formatted(made.topic(), e.getMessage()), e);
        }
    }

    private static String bindingOf(EventType type) {
        return switch (type) {
            case BACKUP_REQUESTED -> "backup-requests-out-0";
            case RESTORE_TEST_REQUESTED -> "restore-test-requests-out-0";
            default -> throw new IllegalArgumentException("not a request: " + type);
        };
    }
}
