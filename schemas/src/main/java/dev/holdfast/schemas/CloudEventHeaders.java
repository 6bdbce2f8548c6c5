package dev.holdfast.schemas;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * CloudEvents 1.0 attributes as Kafka headers (binary content mode), so that an event can be routed and deduplicated
 * without decoding it.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding</a>
 */
public final class CloudEventHeaders {

    /** W3C trace context. */
    public static final String TRACEPARENT = "traceparent";

    /** The request that the event belongs to. */
    public static final String CORRELATION_ID = "ce_correlationid";

    /** The event that caused this one. */
    public static final String CAUSATION_ID = "ce_causationid";

    private CloudEventHeaders() {}

    /** The headers of one event. */
    static Headers of(SpecificRecord event, Causation causation) {
        Envelope envelope = Envelope.of(event);
        RecordHeaders headers = new RecordHeaders();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", envelope.eventId().toString());
        put(headers, "ce_type", EventType.of(event).cloudEventType());
        put(headers, "ce_source", sourceOf(envelope));
        put(headers, "ce_time", envelope.occurredAt().toString());
        envelope.stanza().ifPresent(stanza -> put(headers, "ce_subject", stanza));
        envelope.requestId().ifPresent(id -> put(headers, CORRELATION_ID, id.toString()));
        causation.eventId().ifPresent(id -> put(headers, CAUSATION_ID, id.toString()));
        causation.traceparent().ifPresent(trace -> put(headers, TRACEPARENT, trace));
        put(headers, "content-type", "application/avro");
        return headers;
    }

    /** A header's last value as text; empty if the record has none. */
    public static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static String sourceOf(Envelope envelope) {
        return "/holdfast/" + segment(envelope.producer().getService()) + "/"
                + segment(envelope.producer().getInstance());
    }

    /** CloudEvents wants a URI reference, and a producer may give itself any name. */
    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
