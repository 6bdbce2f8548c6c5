package dev.holdfast.schemas;

import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/**
 * What made an event happen.
 *
 * @param eventId the event that caused it; empty if nothing in the log did
 * @param traceparent the W3C trace it belongs to; empty if there is none
 */
public record Causation(Optional<UUID> eventId, Optional<String> traceparent) {

    /** Nothing in the log caused it. */
    public static Causation none() {
        return new Causation(Optional.empty(), Optional.empty());
    }

    /** Caused by this event, in the trace that its headers name. */
    public static Causation by(SpecificRecord event, Headers headers) {
        return new Causation(
                Optional.of(Envelope.of(event).eventId()),
                CloudEventHeaders.text(headers, CloudEventHeaders.TRACEPARENT));
    }

    /** Caused by this event, in no known trace. */
    public static Causation by(SpecificRecord event) {
        return new Causation(Optional.of(Envelope.of(event).eventId()), Optional.empty());
    }
}
