package dev.holdfast.schemas;

import dev.holdfast.events.Producer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The fields that every event has.
 *
 * @param eventId identity of the event; deduplicate on it
 * @param occurredAt when its producer wrote it
 * @param stanza empty only for announcements, which are of a pool
 * @param requestId the request it belongs to; empty for facts that nobody asked for
 * @param producer who wrote it
 */
public record Envelope(
        UUID eventId, Instant occurredAt, Optional<String> stanza, Optional<UUID> requestId, Producer producer) {

    /**
     * Reads them off any event of the contract.
     *
     * @throws IllegalArgumentException if the record is no event
     */
    public static Envelope of(SpecificRecord event) {
        EventType.of(event);
        SpecificRecordBase fields = (SpecificRecordBase) event;
        return new Envelope(
                (UUID) fields.get("eventId"),
                (Instant) fields.get("occurredAt"),
                Optional.ofNullable((String) fields.get("stanza")),
                Optional.ofNullable((UUID) fields.get("requestId")),
                (Producer) fields.get("producer"));
    }
}
