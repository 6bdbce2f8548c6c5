package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Policies with one slot each, some minutes back, that nobody was there for and that a pause holds back since: when the pause
 * ends, all of them are due at that very instant. So no test has to wait for the next whole minute.
 */
final class HeldSlots {

    private static final Duration BACK = Duration.ofMinutes(5);

    private final KafkaConnection kafka;
    private final Instant slot = Instant.now().minus(BACK).truncatedTo(ChronoUnit.MINUTES);

    /** Policies on this Kafka. */
    HeldSlots(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** The one slot of each. */
    Instant slot() {
        return slot;
    }

    /** Publishes policies whose slots are due at an instant. */
    void publishUntil(Instant due, List<String> stanzas) {
        publish(pause().setUntil(due).build(), stanzas);
    }

    /** Publishes a policy whose slot is due as soon as somebody resumes it. */
    void publishUntilResumed(String stanza) {
        publish(pause().build(), List.of(stanza));
    }

    private Pause.Builder pause() {
        return Pause.newBuilder()
                .setBy(Events.requester())
                .setReason("until the test wants it")
                // not yet when the slot was due
                .setSince(slot.plus(1, ChronoUnit.MINUTES));
    }

    private void publish(Pause pause, List<String> stanzas) {
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(kafka.producer("held"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String stanza : stanzas) {
                Policy policy = PolicyEvents.policy(stanza)
                        .setDefinition(daily())
                        .setPause(pause)
                        .build();
                sent.add(producer.send(inForceBeforeTheSlot(policy)));
            }
            producer.flush();
            assertThat(sent).allMatch(one -> one.state() == Future.State.SUCCESS);
        }
    }

    private PolicyDefinition daily() {
        OffsetDateTime time = slot.atOffset(ZoneOffset.UTC);
        return PolicyDefinition.newBuilder()
                .setTimezone("UTC")
                .setBackups(List.of(new BackupSchedule(
                        "once", BackupType.FULL, "%d %d * * *".formatted(time.getMinute(), time.getHour()), null)))
                .setObjectives(Objectives.newBuilder().build())
                .build();
    }

    /** A policy is in force from its record's timestamp on. */
    private ProducerRecord<String, SpecificRecord> inForceBeforeTheSlot(Policy policy) {
        ProducerRecord<String, SpecificRecord> now = EventRecords.of(policy, Causation.none());
        long before = slot.minus(1, ChronoUnit.MINUTES).toEpochMilli();
        return new ProducerRecord<>(now.topic(), null, before, now.key(), now.value(), now.headers());
    }
}
