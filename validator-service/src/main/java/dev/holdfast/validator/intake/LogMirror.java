package dev.holdfast.validator.intake;

import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.CheckOutcome;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.Verdict;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.validator.claim.TestMemory;
import dev.holdfast.validator.evidence.InventoryRecord;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.EarlierInventory;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Marker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the log of tests into the memory: the last weeks first, then as it grows. */
public final class LogMirror implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogMirror.class);
    private static final Duration REMEMBERED = Duration.ofDays(8);
    // a proof a month finds the last one's inventory
    private static final Duration VERDICTS = Duration.ofDays(32);
    private static final Duration HEARTBEATS = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventDecoder decoder;
    private final TestMemory memory;
    private final Clock clock;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;

    /** A mirror; {@link #start} begins. */
    public LogMirror(KafkaConnection connection, TestMemory memory, Clock clock) {
        this.consumer = new KafkaConsumer<>(connection.consumer("holdfast-validator-memory"));
        this.decoder = new EventDecoder(connection);
        this.memory = memory;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("log-mirror").daemon().unstarted(this::follow);
    }

    /** Begins, and returns once all that was in the log at this moment is remembered. */
    public void start() throws InterruptedException {
        thread.start();
        caughtUp.await();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (consumer;
                decoder) {
            Map<TopicPartition, Long> ends = seek();
            while (!closing) {
                consumer.poll(POLL).forEach(this::remember);
                if (caughtUp.getCount() > 0 && ends.entrySet().stream().allMatch(this::isReached)) {
                    caughtUp.countDown();
                }
            }
        } catch (WakeupException e) {
            LOGGER.debug("the log is not followed any more");
        } catch (KafkaException e) {
            LOGGER.atError().setCause(e).log("the log of tests cannot be followed; restart the validator");
            throw e;
        }
    }

    private boolean isReached(Map.Entry<TopicPartition, Long> end) {
        return consumer.position(end.getKey()) >= end.getValue();
    }

    private Map<TopicPartition, Long> seek() {
        List<TopicPartition> all = Stream.of(
                        Topic.RESTORE_TEST_EVENTS, Topic.RESTORE_TEST_PROGRESS, Topic.REPOSITORY_EVENTS, Topic.CONTROLS)
                .flatMap(topic -> Stream.iterate(0, number -> number + 1)
                        .limit(Topic.PARTITIONS)
                        .map(number -> new TopicPartition(topic.wireName(), number)))
                .toList();
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, Long> since = new HashMap<>();
        all.forEach(partition ->
                since.put(partition, clock.instant().minus(age(partition)).toEpochMilli()));
        consumer.offsetsForTimes(since)
                .forEach((partition, found) ->
                        consumer.seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
        return ends;
    }

    private static Duration age(TopicPartition partition) {
        if (partition.topic().equals(Topic.RESTORE_TEST_PROGRESS.wireName())) {
            return HEARTBEATS;
        }
        return partition.topic().equals(Topic.RESTORE_TEST_EVENTS.wireName()) ? VERDICTS : REMEMBERED;
    }

    private void remember(ConsumerRecord<byte[], byte[]> record) {
        // what this version cannot read says nothing about a claim it could know
        if (decoder.decode(record.topic(), record.value()) instanceof EventDecoder.Event(SpecificRecord event)) {
            remember(event, record);
        }
        if (record.topic().equals(Topic.RESTORE_TEST_EVENTS.wireName())) {
            memory.readUpTo(record.partition(), record.offset());
        }
    }

    private void remember(SpecificRecord event, ConsumerRecord<byte[], byte[]> record) {
        switch (event) {
            case RestoreTestStarted started ->
                memory.claimed(
                        started.getTestId(),
                        new TestMemory.Claim(
                                started.getEventId(), started.getAttempt(), started.getValidator(), seen(record)));
            case RestoreTestCompleted completed -> remember(completed);
            case RestoreTestProgressed progressed ->
                memory.alive(progressed.getTestId(), progressed.getAttempt(), seen(record));
            case RestorePointCreated point -> remember(point);
            case CancelRequested cancel ->
                memory.cancelled(
                        cancel.getRequestId(),
                        new TestMemory.Cancellation(
                                cancel.getRequestedBy().getPrincipal(),
                                cancel.getReason(),
                                Instant.ofEpochMilli(record.timestamp())));
            default -> LOGGER.trace("of no interest here: {}", event.getSchema().getName());
        }
    }

    private void remember(RestoreTestCompleted completed) {
        memory.ended(completed.getTestId());
        if (completed.getVerdict() == Verdict.PASSED) {
            completed
                    .getLabel()
                    .ifPresent(label -> memory.passed(completed.getStanza(), label, completed.getFinishedAt()));
            InventoryRecord.inEvidence(completed.getEvidence())
                    .map(inventory -> new EarlierInventory(
                            completed.getLabel().orElse("?"), completed.getFinishedAt(), inventory))
                    .ifPresent(found -> memory.inventory(completed.getStanza(), found));
        }
        completed.getChecks().stream()
                .filter(check -> check.getName().equals(Check.VERIFY) && check.getOutcome() != CheckOutcome.NOT_RUN)
                .forEach(_ -> completed
                        .getRepository()
                        .ifPresent(repository ->
                                memory.verified(completed.getStanza(), repository, completed.getFinishedAt())));
    }

    private void remember(RestorePointCreated point) {
        if (Lsn.isValid(point.getLsn())) {
            memory.restorePoint(
                    point.getStanza(), new Marker(point.getName(), Lsn.parse(point.getLsn()), point.getCreatedAt()));
        }
    }

    /** The broker's time of a record, but never the future: clocks differ. */
    private Instant seen(ConsumerRecord<byte[], byte[]> record) {
        Instant now = clock.instant();
        Instant appended = Instant.ofEpochMilli(record.timestamp());
        return appended.isAfter(now) ? now : appended;
    }
}
