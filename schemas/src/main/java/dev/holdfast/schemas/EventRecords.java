package dev.holdfast.schemas;

import dev.holdfast.events.RunnerAnnounced;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the Kafka record of an event: its topic, its key, its headers. */
public final class EventRecords {

    private EventRecords() {}

    /**
     * The record to send, with a value that a producer of {@link KafkaConnection#producer} serializes.
     *
     * @param event an event of the contract
     * @param causation what made it happen
     */
    public static ProducerRecord<String, SpecificRecord> of(SpecificRecord event, Causation causation) {
        return new ProducerRecord<>(
                EventType.of(event).topic().wireName(),
                null,
                keyOf(event),
                event,
                CloudEventHeaders.of(event, causation));
    }

    /** The stanza, or the pool for an announcement. */
    public static String keyOf(SpecificRecord event) {
        if (event instanceof RunnerAnnounced announced) {
            // one record a pool and instance survives compaction, so that two members of a pool don't hide each other
            return announced.getPool() + "/" + announced.getService() + "/" + announced.getInstance();
        }
        return Envelope.of(event)
                .stanza()
                .orElseThrow(() -> new IllegalArgumentException("an event without a stanza: " + event));
    }
}
