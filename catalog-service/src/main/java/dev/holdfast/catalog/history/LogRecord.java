package dev.holdfast.catalog.history;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What a record of the log turned out to be. */
public sealed interface LogRecord {

    /** Where it lies. */
    LogPosition position();

    /**
     * An event of a known or unknown type.
     *
     * @param position where it lies
     * @param type the record's short name, such as {@code BackupCompleted}
     * @param known true if this version knows the type and it came on its own topic, so that it may be believed
     * @param eventId its identity
     * @param occurredAt when its producer wrote it
     * @param subject what it is about
     * @param traceparent the W3C trace that its producer says it belongs to, in W3C's form; empty if there is none
     * @param payload the whole event as JSON
     */
    record Event(
            LogPosition position,
            String type,
            boolean known,
            UUID eventId,
            Instant occurredAt,
            Subject subject,
            Optional<String> traceparent,
            JsonText payload)
            implements LogRecord {}

    /**
     * Bytes that are no event.
     *
     * @param position where they lie
     * @param reason why, for people
     */
    record Unreadable(LogPosition position, String reason) implements LogRecord {}

    /**
     * What an event is about, as far as it says.
     *
     * @param stanza the stanza
     * @param requestId the request
     * @param testId the restore test
     * @param label the backup set
     */
    record Subject(Optional<String> stanza, Optional<UUID> requestId, Optional<UUID> testId, Optional<String> label) {}
}
