package dev.holdfast.runner.intake;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.runner.backup.Cancellation;
import dev.holdfast.runner.backup.Claim;
import dev.holdfast.runner.backup.Ending;
import dev.holdfast.runner.backup.LogEnd;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.CloudEventHeaders;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log into the memory: the last eight days at start, and from there on whatever comes. It belongs to no group,
 * is never paused, and does nothing else, so that a cancellation or a rival's claim is seen at once.
 */
public final class LogFollower implements LogEnd, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration HEARTBEATS_REACH = Duration.ofMinutes(10);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final RequestMemory memory;
    private final Clock clock;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final ReadPositions positions = new ReadPositions();
    private final LogEnds ends;
    private final BrokerPulse pulse;
    private Map<TopicPartition, Long> startEnds = Map.of();
    private Instant tidied = Instant.MAX;
    private volatile boolean closing;

    /**
     * @param clientId shown in the broker's logs and metrics
     */
    public LogFollower(KafkaConnection connection, String clientId, RequestMemory memory, Clock clock) {
        this.connection = connection;
        this.memory = memory;
        this.clock = clock;
        this.consumer = new KafkaConsumer<>(settings(connection, clientId));
        this.pulse = BrokerPulse.of(consumer);
        this.ends = new LogEnds(connection.consumer(clientId + "-ends"), followed());
        this.thread = Thread.ofPlatform().name("log").unstarted(this::follow);
    }

    private static Map<String, Object> settings(KafkaConnection connection, String clientId) {
        Map<String, Object> settings = connection.consumer(clientId);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024);
        return settings;
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** True once the memory holds everything that was in the log when the runner started. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /**
     * Waits until {@link #isCaughtUp()}.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void awaitCaughtUp() throws InterruptedException {
        caughtUp.await();
    }

    /** For how long Kafka has not answered; while it lives that is less than a second. */
    public Duration silence() {
        return pulse.silence();
    }

    @Override
    public void awaitRead() throws InterruptedException {
        positions.awaitPassed(ends.now());
    }

    private void follow() {
        try (EventDecoder decoder = new EventDecoder(connection)) {
            while (!closing) {
                try {
                    turn(decoder);
                } catch (WakeupException e) {
                    LOGGER.atTrace().log("the runner stops");
                } catch (KafkaException e) {
                    LOGGER.atWarn()
                            .addKeyValue("error", String.valueOf(e.getMessage()))
                            .log("the log could not be followed; trying again");
                    TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
                }
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().log("the log is no longer followed");
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        }
    }

    private void turn(EventDecoder decoder) {
        if (startEnds.isEmpty()) {
            startEnds = begin();
            tidied = clock.instant();
        }
        readOn(decoder);
        if (!isCaughtUp() && positions.havePassed(startEnds)) {
            LOGGER.atInfo().addKeyValue("requests", memory.size()).log("the log has been read");
            caughtUp.countDown();
        }
        if (clock.instant().isAfter(tidied.plus(TIDY_EVERY))) {
            tidied = clock.instant();
            memory.forgetBefore(tidied.minus(RequestMemory.REACH));
        }
    }

    private void readOn(EventDecoder decoder) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            take(record, decoder);
        }
        pulse.feel();
        tellPositions();
    }

    /** Takes its places in the log, and says where its present end is. */
    private Map<TopicPartition, Long> begin() {
        Instant now = clock.instant();
        Map<TopicPartition, Long> since = new HashMap<>();
        partitionsOf(Topic.BACKUP_EVENTS).forEach(part -> since.put(part, sinceMillis(now, RequestMemory.REACH)));
        partitionsOf(Topic.CONTROLS).forEach(part -> since.put(part, sinceMillis(now, RequestMemory.REACH)));
        partitionsOf(Topic.BACKUP_PROGRESS).forEach(part -> since.put(part, sinceMillis(now, HEARTBEATS_REACH)));
        consumer.assign(since.keySet());
        Map<TopicPartition, Long> present = new HashMap<>(consumer.endOffsets(since.keySet()));
        consumer.offsetsForTimes(since).forEach((part, found) -> {
            long end = present.getOrDefault(part, 0L);
            consumer.seek(part, found == null ? end : found.offset());
        });
        return present;
    }

    private static long sinceMillis(Instant now, Duration reach) {
        return now.minus(reach).toEpochMilli();
    }

    private static List<TopicPartition> partitionsOf(Topic topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int number = 0; number < Topic.PARTITIONS; number++) {
            partitions.add(new TopicPartition(topic.wireName(), number));
        }
        return partitions;
    }

    private void tellPositions() {
        Map<TopicPartition, Long> reached =
                HashMap.newHashMap(consumer.assignment().size());
        consumer.assignment().forEach(part -> reached.put(part, consumer.position(part)));
        positions.reached(reached);
        partitionsOf(Topic.BACKUP_EVENTS)
                .forEach(part -> memory.reached(part.partition(), reached.getOrDefault(part, 0L)));
    }

    private static List<TopicPartition> followed() {
        return Stream.of(Topic.BACKUP_EVENTS, Topic.CONTROLS, Topic.BACKUP_PROGRESS)
                .flatMap(topic -> partitionsOf(topic).stream())
                .toList();
    }

    private void take(ConsumerRecord<byte[], byte[]> record, EventDecoder decoder) {
        if (decoder.decode(record.topic(), record.value()) instanceof EventDecoder.Event(SpecificRecord event)) {
            Instant at = clock.instant();
            Optional<Source> source =
                    CloudEventHeaders.text(record.headers(), Source.HEADER).flatMap(Source::parse);
            remember(event, at, source);
        }
    }

    private void remember(SpecificRecord event, Instant at, Optional<Source> source) {
        switch (event) {
            case BackupStarted started ->
                memory.started(new Claim(
                        started.getRequestId(),
                        started.getAttempt(),
                        started.getEventId(),
                        started.getRunner(),
                        at,
                        source));
            case BackupCompleted done -> ended(done.getRequestId(), done.getEventId(), "completed", at, source);
            case BackupFailed failed -> ended(failed.getRequestId(), failed.getEventId(), "failed", at, source);
            case BackupRejected repeated
            when repeated.getRejection() == RejectionReason.DUPLICATE ->
                source.ifPresent(place -> memory.repeated(repeated.getRequestId(), place, at));
            case BackupRejected rejected ->
                ended(
                        rejected.getRequestId(),
                        rejected.getEventId(),
                        rejected.getRejection().name(),
                        at,
                        source);
            case BackupProgressed progressed -> memory.heartbeat(progressed.getRequestId(), at);
            case CancelRequested cancel ->
                memory.cancelled(
                        cancel.getRequestId(),
                        new Cancellation(cancel.getRequestedBy().getPrincipal(), cancel.getReason()),
                        at);
            default -> LOGGER.atTrace().log("an event that the memory has no use for");
        }
    }

    private void ended(UUID requestId, UUID eventId, String word, Instant at, Optional<Source> source) {
        memory.ended(new Ending(requestId, eventId, word, source), at);
    }

    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
            ends.close();
            return;
        }
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ends.close();
    }
}
