package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.InstantText;
import dev.holdfast.catalog.history.LogRecord;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** Writes events in PostgreSQL's COPY text format into the staging table, a few at a time: a batch of large ones must not be in memory once more. */
final class StageRows {

    private static final String COPY =
            "copy stage (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload) from stdin";
    private static final int CHUNK = 64 * 1024;

    private final StringBuilder rows = new StringBuilder(2 * CHUNK);
    private final CopyIn copy;

    private StageRows(CopyIn copy) {
        this.copy = copy;
    }

    /** Copies all of them. */
    static void copy(Iterable<LogRecord.Event> events, CopyManager copies) throws SQLException {
        CopyIn copy = copies.copyIn(COPY);
        try {
            StageRows rows = new StageRows(copy);
            for (LogRecord.Event event : events) {
                rows.add(event);
            }
            rows.flush();
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void add(LogRecord.Event event) throws SQLException {
        LogRecord.Subject subject = event.subject();
        text(event.type());
        plain(event.known());
        text(event.position().topic());
        plain(event.position().partition());
        plain(event.position().offset());
        instant(event.position().recordedAt());
        plain(event.eventId());
        instant(event.occurredAt());
        textOrNull(subject.stanza());
        textOrNull(subject.requestId().map(Object::toString));
        textOrNull(subject.testId().map(Object::toString));
        textOrNull(subject.label());
        text(event.payload());
        rows.setCharAt(rows.length() - 1, '\n');
        if (rows.length() >= CHUNK) {
            flush();
        }
    }

    private void flush() throws SQLException {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        rows.setLength(0);
    }

    private void instant(Instant instant) {
        InstantText.append(rows, instant);
        rows.append('\t');
    }

    private void plain(Object value) {
        rows.append(value).append('\t');
    }

    private void textOrNull(Optional<String> text) {
        text.ifPresentOrElse(this::text, () -> rows.append("\\N\t"));
    }

    /** Most texts have nothing to be escaped and are taken whole, from one escape to the next. */
    private void text(String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c < ' ') {
                rows.append(text, from, i).append(escape(c));
                from = i + 1;
            }
        }
        rows.append(text, from, text.length()).append('\t');
    }

    private static String escape(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.valueOf(c);
        };
    }
}
