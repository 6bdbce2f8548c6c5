package dev.holdfast.validator.publish;

import dev.holdfast.events.Producer;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.validator.claim.Journal;
import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.evidence.Evidence;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal on Kafka. While Kafka is away it waits: a verdict is never dropped. */
public final class KafkaJournal implements Journal, AutoCloseable {

    /**
     * Who writes.
     *
     * @param pool the pool
     * @param instance this member
     * @param version Holdfast's version
     * @param sandbox which kind of sandbox it uses
     */
    public record Writer(String pool, String instance, String version, String sandbox) {

        /** As it stands in events. */
        public Producer producer() {
            return new Producer("validator", instance, version);
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaJournal.class);

    private final KafkaProducer<String, SpecificRecord> producer;
    private final CompletedEvent completedEvent;
    private final Writer writer;
    private final Clock clock;

    /** A journal. */
    public KafkaJournal(KafkaConnection connection, Evidence evidence, Writer writer, Clock clock) {
        Map<String, Object> settings = connection.producer("holdfast-validator-" + writer.instance());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        this.producer = new KafkaProducer<>(settings);
        this.completedEvent = new CompletedEvent(evidence, writer);
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public Position claim(TestRequest request, int attempt) {
        UUID eventId = Ids.newEventId(now());
        RecordMetadata written = write(
                RestoreTestStarted.newBuilder()
                        .setEventId(eventId)
                        .setOccurredAt(now())
                        .setStanza(request.stanza())
                        .setRequestId(request.requestId())
                        .setProducer(writer.producer())
                        .setTestId(request.testId())
                        .setAttempt(attempt)
                        .setValidator(writer.instance())
                        .setPool(writer.pool())
                        .setLabel(request.asked().label().orElse(null))
                        .setTarget(target(request))
                        .setSandbox(writer.sandbox())
                        .build(),
                request);
        return new Position(eventId, written.partition(), written.offset());
    }

    @Override
    public void progressed(TestRequest request, int attempt, ProofProgress progress) {
        SpecificRecord event = RestoreTestProgressed.newBuilder()
                .setEventId(Ids.newEventId(now()))
                .setOccurredAt(now())
                .setStanza(request.stanza())
                .setRequestId(request.requestId())
                .setProducer(writer.producer())
                .setTestId(request.testId())
                .setAttempt(attempt)
                .setPhase(progress.phase())
                .setBytesDone(
                        progress.bytes().isPresent() ? (Long) progress.bytes().getAsLong() : null)
                .build();
        // the callback says what became of it
        Future<RecordMetadata> _ = producer.send(EventRecords.of(event, causation(request)), (_, failure) -> {
            if (failure != null) {
                LOGGER.atWarn().addKeyValue("error", failure.toString()).log("a heartbeat was not written");
            }
        });
    }

    @Override
    public void completed(TestRequest request, int attempt, ProofReport report) {
        write(completedEvent.of(request, attempt, report, now()), request);
    }

    @Override
    public void close() {
        producer.close();
    }

    static RestoreTarget target(TestRequest request) {
        return new RestoreTarget(
                TargetKind.valueOf(request.asked().targetKind()),
                request.asked().targetValue().orElse(null));
    }

    private RecordMetadata write(SpecificRecord event, TestRequest request) {
        try {
            return producer.send(EventRecords.of(event, causation(request))).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refuses " + event.getSchema().getName(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before an event was in the log", e);
        }
    }

    private static Causation causation(TestRequest request) {
        return new Causation(
                Optional.of(request.asked().eventId()), request.asked().traceparent());
    }

    /** To the microsecond that the wire keeps. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
