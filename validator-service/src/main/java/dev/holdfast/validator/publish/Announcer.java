package dev.holdfast.validator.publish;

import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every half minute that this validator lives and what it serves. */
public final class Announcer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Announcer.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final KafkaProducer<String, SpecificRecord> producer;
    private final KafkaJournal.Writer writer;
    private final List<String> stanzas;
    private final int maxConcurrent;
    private final Clock clock;
    private final Thread thread;

    /** An announcer; {@link #start} begins. */
    public Announcer(
            KafkaConnection connection,
            KafkaJournal.Writer writer,
            List<String> stanzas,
            int maxConcurrent,
            Clock clock) {
        this.producer = new KafkaProducer<>(connection.producer("holdfast-validator-announcer-" + writer.instance()));
        this.writer = writer;
        this.stanzas = List.copyOf(stanzas);
        this.maxConcurrent = maxConcurrent;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("announcer").unstarted(this::run);
    }

    /** Begins, at once. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        producer.close(Duration.ofSeconds(2));
    }

    private void run() {
        try {
            while (true) {
                announce();
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce() {
        RunnerAnnounced event = RunnerAnnounced.newBuilder()
                .setEventId(Ids.newEventId(clock.instant()))
                .setOccurredAt(clock.instant().truncatedTo(ChronoUnit.MICROS))
                .setProducer(writer.producer())
                .setService("validator")
                .setPool(writer.pool())
                .setInstance(writer.instance())
                .setStanzas(stanzas)
                .setVersions(Map.of("holdfast", writer.version(), "sandbox", writer.sandbox()))
                .setMaxConcurrent(maxConcurrent)
                .build();
        // the callback says what became of it
        Future<RecordMetadata> _ = producer.send(EventRecords.of(event, Causation.none()), (_, failure) -> {
            if (failure != null) {
                LOGGER.atWarn().addKeyValue("error", failure.toString()).log("an announcement was not written");
            }
        });
    }
}
