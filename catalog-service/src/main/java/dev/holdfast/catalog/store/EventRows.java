package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * Writes events in PostgreSQL's binary COPY format, a few at a time: a batch of large ones must not be in memory once more. Binary,
 * because neither side then has to look for what must be escaped, and no number and instant becomes text and a number again.
 */
final class EventRows {

    /** Where a batch is staged. */
    static final String STAGE = "stage";

    /** Where events are kept. */
    static final String EVENTS = "events";

    private static final String COPY =
            "copy %s (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload) from stdin (format binary)";
    private static final short COLUMNS = 13;

    /** The file's signature, no flags, no more header. */
    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final short END = -1;
    private static final int NULL = -1;
    private static final byte JSONB_VERSION = 1;
    private static final int CHUNK = 64 * 1024;

    /** A length and the largest value of a fixed size. */
    private static final int SMALL = 20;

    /** PostgreSQL counts microseconds from the beginning of 2000. */
    private static final long FIRST_SECOND =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    /** Beyond all that PostgreSQL can hold, and within a long of microseconds. */
    private static final long FAR_SECONDS = Long.MAX_VALUE / 1_000_000 - 1;

    private static final int NANOS_A_MICRO = 1_000;
    private static final long MICROS_A_SECOND = 1_000_000;

    private final ByteBuffer rows = ByteBuffer.allocate(CHUNK);
    private final CopyIn copy;

    private EventRows(CopyIn copy) {
        this.copy = copy;
        rows.put(HEADER);
    }

    /** Copies all of them to one of the tables. */
    static void copy(Iterable<LogRecord.Event> events, String table, CopyManager copies) throws SQLException {
        CopyIn copy = copies.copyIn(COPY.formatted(table));
        try {
            EventRows rows = new EventRows(copy);
            for (LogRecord.Event event : events) {
                rows.add(event);
            }
            rows.small().putShort(END);
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
        small().putShort(COLUMNS);
        text(event.type());
        small().putInt(Byte.BYTES).put((byte) (event.known() ? 1 : 0));
        text(event.position().topic());
        small().putInt(Integer.BYTES).putInt(event.position().partition());
        small().putInt(Long.BYTES).putLong(event.position().offset());
        instant(event.position().recordedAt());
        uuid(event.eventId());
        instant(event.occurredAt());
        textOrNull(subject.stanza());
        uuidOrNull(subject.requestId());
        uuidOrNull(subject.testId());
        textOrNull(subject.label());
        small().putInt(event.payload().length() + 1).put(JSONB_VERSION);
        bytes(event.payload().bytes());
    }

    private void instant(Instant instant) throws SQLException {
        // the ends of what a long holds would mean infinity; what is out of its bounds PostgreSQL refuses
        long seconds = Math.clamp(instant.getEpochSecond() - FIRST_SECOND, -FAR_SECONDS, FAR_SECONDS);
        small().putInt(Long.BYTES).putLong(seconds * MICROS_A_SECOND + instant.getNano() / NANOS_A_MICRO);
    }

    private void uuid(UUID id) throws SQLException {
        small().putInt(2 * Long.BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void uuidOrNull(Optional<UUID> id) throws SQLException {
        if (id.isPresent()) {
            uuid(id.get());
        } else {
            small().putInt(NULL);
        }
    }

    private void textOrNull(Optional<String> text) throws SQLException {
        if (text.isPresent()) {
            text(text.get());
        } else {
            small().putInt(NULL);
        }
    }

    private void text(String text) throws SQLException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        small().putInt(utf8.length);
        bytes(ByteBuffer.wrap(utf8));
    }

    private void bytes(ByteBuffer bytes) throws SQLException {
        while (bytes.remaining() > rows.remaining()) {
            int room = rows.remaining();
            rows.put(bytes.slice(bytes.position(), room));
            bytes.position(bytes.position() + room);
            flush();
        }
        rows.put(bytes);
    }

    /** With room for a number or two. */
    private ByteBuffer small() throws SQLException {
        if (rows.remaining() < SMALL) {
            flush();
        }
        return rows;
    }

    private void flush() throws SQLException {
        copy.writeToCopy(rows.array(), 0, rows.position());
        rows.clear();
    }
}
