package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes events in PostgreSQL's COPY text format, for the staging table. */
final class StageRows {

    static final String COPY =
            "copy stage (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload) from stdin";

    private final StringBuilder rows = new StringBuilder(64 * 1024);

    void add(LogRecord.Event event) {
        LogRecord.Subject subject = event.subject();
        text(event.type());
        plain(event.known());
        text(event.position().topic());
        plain(event.position().partition());
        plain(event.position().offset());
        plain(event.position().recordedAt());
        plain(event.eventId());
        plain(event.occurredAt());
        textOrNull(subject.stanza());
        textOrNull(subject.requestId().map(Object::toString));
        textOrNull(subject.testId().map(Object::toString));
        textOrNull(subject.label());
        text(event.payload());
        rows.setCharAt(rows.length() - 1, '\n');
    }

    byte[] bytes() {
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void plain(Object value) {
        rows.append(value).append('\t');
    }

    private void textOrNull(Optional<String> text) {
        text.ifPresentOrElse(this::text, () -> rows.append("\\N\t"));
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        rows.append('\t');
    }

    private void character(char c) {
        switch (c) {
            case '\\' -> rows.append("\\\\");
            case '\n' -> rows.append("\\n");
            case '\r' -> rows.append("\\r");
            case '\t' -> rows.append("\\t");
            default -> rows.append(c);
        }
    }
}
