package dev.holdfast.scheduler.publish;

import dev.holdfast.scheduler.log.KeyBook;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.springframework.kafka.core.KafkaTemplate;

/** Writes what a key is used for, reads it back, and sees whether somebody had used it for something else before. */
public final class KeyClaims {

    private static final Duration READ_BACK = Duration.ofSeconds(10);

    private final KafkaTemplate<String, String> template;
    private final String topic;
    private final KeyBook book;

    /** Claims on a topic that the book reads. */
    public KeyClaims(KafkaTemplate<String, String> template, String topic, KeyBook book) {
        this.template = template;
        this.topic = topic;
        this.book = book;
    }

    /**
     * True if the key was not used before, or for the same.
     *
     * @throws NotPublishedException if Kafka does not take the claim, or it is not read back in time
     */
    public boolean claim(UUID requestId, String fingerprint) {
        try {
            long offset = template.send(topic, requestId.toString(), requestId + " " + fingerprint)
                    .get()
                    .getRecordMetadata()
                    .offset();
            Optional<String> first = book.firstOf(requestId, offset, READ_BACK);
            return first.orElseThrow(() -> notClaimed(requestId, new IllegalStateException("not read back in time")))
                    .equals(fingerprint);
        } catch (ExecutionException e) {
            throw notClaimed(requestId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notClaimed(requestId, e);
        }
    }

    private NotPublishedException notClaimed(UUID requestId, Exception cause) {
        return new NotPublishedException(
                "the Idempotency-Key of request %s was not written to %s: %s"
                        .formatted(requestId, topic, cause.getMessage()),
                cause);
    }
}
