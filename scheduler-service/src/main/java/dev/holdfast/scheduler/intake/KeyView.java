package dev.holdfast.scheduler.intake;

import dev.holdfast.scheduler.log.KeyBook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** Reads which Idempotency-Key was used for what: a request's id and a fingerprint, with a blank between. */
public final class KeyView implements Consumer<Message<byte[]>> {

    private static final int ID_LENGTH = 36;

    private final KeyBook book;

    /** A view that fills this book. */
    public KeyView(KeyBook book) {
        this.book = book;
    }

    @Override
    public void accept(Message<byte[]> message) {
        Long offset = message.getHeaders().get(KafkaHeaders.OFFSET, Long.class);
        Long timestamp = message.getHeaders().get(KafkaHeaders.RECEIVED_TIMESTAMP, Long.class);
        if (offset == null || timestamp == null) {
            return;
        }
        String text = new String(message.getPayload(), StandardCharsets.UTF_8);
        try {
            UUID id = UUID.fromString(text.substring(0, Math.min(ID_LENGTH, text.length())));
            book.accept(id, text.substring(ID_LENGTH).strip(), Instant.ofEpochMilli(timestamp), offset);
        } catch (IllegalArgumentException e) {
            // not written by a scheduler: it stands for no key
            book.pass(offset);
        }
    }
}
