package dev.holdfast.runner.publish;

import dev.holdfast.runner.backup.Facts.Position;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events. What must not get lost waits for the broker for as long as it takes; what may get lost is left out while
 * the broker is away. Safe for many threads.
 */
public final class FactLog implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(FactLog.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final long BUFFER_BYTES = 8L * 1024 * 1024;

    private final KafkaProducer<String, SpecificRecord> producer;
    private final AtomicInteger heartbeatsUnderway = new AtomicInteger();

    /**
     * @param clientId shown in the broker's logs and metrics
     */
    public FactLog(KafkaConnection connection, String clientId) {
        this.producer = new KafkaProducer<>(settings(connection, clientId));
    }

    private static Map<String, Object> settings(KafkaConnection connection, String clientId) {
        Map<String, Object> settings = connection.producer(clientId);
        // a fact is sent until it is acknowledged: giving up would only mean to begin anew, and perhaps to write it
        // twice
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        return settings;
    }

    /**
     * Sends an event and waits until it is in the log.
     *
     * @param source the request's place, for facts about a request
     * @throws InterruptedException if the runner stops meanwhile
     */
    Position send(SpecificRecord event, Causation causation, Optional<Source> source) throws InterruptedException {
        ProducerRecord<String, SpecificRecord> record = recordOf(event, causation, source);
        while (true) {
            try {
                RecordMetadata written = producer.send(record).get();
                return new Position(written.partition(), written.offset());
            } catch (InterruptException e) {
                // the client's own, which has set the thread's flag again
                throw (InterruptedException) new InterruptedException("while an event was sent").initCause(e);
            } catch (ExecutionException | KafkaException e) {
                LOGGER.atWarn()
                        .addKeyValue("type", event.getSchema().getName())
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("error", String.valueOf(e.getMessage()))
                        .log("an event could not be written; trying again until it is");
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    /** Sends an event that may get lost, unless the last one is still under way. Waits for nothing. */
    void offer(SpecificRecord event, Causation causation) {
        if (!heartbeatsUnderway.compareAndSet(0, 1)) {
            return;
        }
        try {
            Future<RecordMetadata> underway = producer.send(
                    recordOf(event, causation, Optional.empty()), (written, trouble) -> heartbeatsUnderway.set(0));
            LOGGER.atTrace().addKeyValue("done", underway.isDone()).log("heartbeat sent");
        } catch (KafkaException e) {
            heartbeatsUnderway.set(0);
            LOGGER.atDebug()
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("a heartbeat was left out");
        }
    }

    private static ProducerRecord<String, SpecificRecord> recordOf(
            SpecificRecord event, Causation causation, Optional<Source> source) {
        ProducerRecord<String, SpecificRecord> record = EventRecords.of(event, causation);
        source.ifPresent(
                place -> record.headers().add(Source.HEADER, place.text().getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** Lets go without waiting for a broker that may be away: what matters is on disk. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
