package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class EventRecordsTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void anEventGoesToItsTopicUnderItsStanza() {
        ProducerRecord<String, SpecificRecord> record =
                EventRecords.of(TestEvents.request().build(), Causation.none());

        assertThat(record.topic()).isEqualTo("holdfast.backup.requests");
        assertThat(record.key()).isEqualTo("mcpgov");
        assertThat(record.partition()).isNull();
    }

    @Test
    void theHeadersAreThoseOfCloudEventsInBinaryMode() {
        BackupRequested event = TestEvents.request().build();

        Map<String, String> headers =
                asText(EventRecords.of(event, Causation.none()).headers());

        assertThat(headers)
                .containsOnly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", event.getEventId().toString()),
                        Map.entry("ce_type", "dev.holdfast.backup.requested.v1"),
                        Map.entry("ce_source", "/holdfast/cli/ada%27s%20laptop"),
                        Map.entry("ce_time", "2026-11-22T02:00:03.000417Z"),
                        Map.entry("ce_subject", "mcpgov"),
                        Map.entry("ce_correlationid", "00000000-0000-0001-0000-000000000002"),
                        Map.entry("content-type", "application/avro"));
        assertThat(URI.create(headers.get("ce_source")).getPath()).isEqualTo("/holdfast/cli/ada's laptop");
    }

    @Test
    void whatCausedAnEventAndItsTraceTravelWithIt() {
        BackupRequested cause = TestEvents.request().build();
        Headers causeHeaders = EventRecords.of(cause, new Causation(Optional.empty(), Optional.of(TRACE)))
                .headers();

        Map<String, String> headers =
                asText(EventRecords.of(TestEvents.request().build(), Causation.by(cause, causeHeaders))
                        .headers());

        assertThat(headers)
                .containsEntry("ce_causationid", cause.getEventId().toString())
                .containsEntry("traceparent", TRACE);
    }

    @Test
    void anAnnouncementIsKeyedByTheRunningCopySoThatCompactionKeepsEveryOne() {
        ProducerRecord<String, SpecificRecord> record =
                EventRecords.of(TestEvents.announcement().build(), Causation.none());

        assertThat(record.key()).isEqualTo("db1/runner/db1-1");
        assertThat(asText(record.headers())).doesNotContainKeys("ce_subject", "ce_correlationid");
    }

    @Test
    void theEnvelopeOfAnyEventIsRead() {
        BackupRequested event =
                TestEvents.request().setRequestId(new UUID(7, 7)).build();

        assertThat(Envelope.of(event))
                .isEqualTo(new Envelope(
                        event.getEventId(),
                        TestEvents.NOW,
                        Optional.of("mcpgov"),
                        Optional.of(new UUID(7, 7)),
                        event.getProducer()));
    }

    private static Map<String, String> asText(Headers headers) {
        Map<String, String> text = new LinkedHashMap<>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return text;
    }
}
