package dev.holdfast.validator.intake;

import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.schemas.CloudEventHeaders;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.validator.claim.TestDesk;
import dev.holdfast.validator.claim.TestRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests in: one thread that polls and never works, one worker per test, and an offset that is committed when
 * everything before it is finished.
 */
public final class RequestIntake implements AutoCloseable {

    /**
     * Who takes in.
     *
     * @param pool the pool: its members share the requests
     * @param instance this member
     * @param stanzas what it serves
     */
    public record Member(String pool, String instance, Set<String> stanzas) {

        /** Copies the set. */
        public Member {
            stanzas = Set.copyOf(stanzas);
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestIntake.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_BREAK = Duration.ofSeconds(10);
    private static final long MOST_OPEN = 2_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventDecoder decoder;
    private final TestDesk desk;
    private final Member member;
    private final OffsetTracker offsets = new OffsetTracker();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<UUID, CompletableFuture<Boolean>> running = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean assigned;
    private volatile boolean replaced;
    private volatile boolean paused;

    /** An intake; {@link #start} begins. */
    public RequestIntake(KafkaConnection connection, TestDesk desk, Member member) {
        this.consumer = new KafkaConsumer<>(settings(connection, member));
        this.decoder = new EventDecoder(connection);
        this.desk = desk;
        this.member = member;
        this.thread = Thread.ofPlatform().name("request-intake").unstarted(this::poll);
    }

    private static Map<String, Object> settings(KafkaConnection connection, Member member) {
        Map<String, Object> settings = connection.consumer("holdfast-validator-" + member.instance());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "holdfast-validator-" + member.pool());
        // a member that comes back under its name takes its partitions over at once, and a second one of that name is
        // refused
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member.instance());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int)
                Duration.ofMinutes(30).toMillis());
        return settings;
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** True while requests are being taken in. */
    public boolean isRunning() {
        return thread.isAlive() && assigned;
    }

    /** Why no requests are taken in any more, and what to do about it; empty while nothing keeps it from that for good. */
    public Optional<String> trouble() {
        return replaced
                ? Optional.of(
                        "another validator of the pool '%s' runs under the same name '%s' and has taken over; give each its own HOLDFAST_INSTANCE and start this one again"
                                .formatted(member.pool(), member.instance()))
                : Optional.empty();
    }

    /** Stops taking in. Tests that run are interrupted; their requests come again. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        workers.shutdownNow();
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void poll() {
        try (consumer;
                decoder) {
            consumer.subscribe(List.of(Topic.RESTORE_TEST_REQUESTS.wireName()), new Partitions());
            while (!closing && !replaced) {
                turn();
            }
        } catch (InterruptedException e) {
            LOGGER.debug("no more requests are taken in");
        } finally {
            assigned = false;
        }
    }

    /** One round. A broker that is away, or a group that went on without this member, is no reason to end. */
    private void turn() throws InterruptedException {
        try {
            consumer.poll(POLL).forEach(this::take);
            commit();
            slowDown();
        } catch (WakeupException e) {
            LOGGER.debug("the intake closes");
        } catch (FencedInstanceIdException e) {
            // for good: only the broker's youngest member of a name is one; tests that run here go on to their verdicts
            replaced = true;
            LOGGER.atError().log(trouble().orElseThrow());
        } catch (KafkaException e) {
            LOGGER.atWarn().setCause(e).log("requests could not be taken in; trying again");
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> finished = offsets.committable();
        if (finished.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(finished);
        } catch (KafkaException e) {
            // harmless: what is finished is delivered again, and recognised by its verdict in the log
            LOGGER.atInfo().addKeyValue("error", String.valueOf(e.getMessage())).log("offsets were not committed");
        }
    }

    /** Memory bounds what can wait here; the rest waits in the log. */
    private void slowDown() {
        boolean tooMany = offsets.open() > MOST_OPEN;
        if (tooMany && !paused) {
            consumer.pause(consumer.assignment());
        } else if (!tooMany && paused) {
            consumer.resume(consumer.assignment());
        }
        paused = tooMany;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        offsets.taken(partition, record.offset());
        Optional<TestRequest> request = read(record);
        if (request.isEmpty()) {
            offsets.finished(partition, record.offset());
            return;
        }
        // the worker reports through the tracker; nobody waits for it
        CompletableFuture<Boolean> _ = serve(request.get()).whenComplete((ended, _) -> {
            if (Boolean.TRUE.equals(ended)) {
                offsets.finished(partition, record.offset());
            }
        });
    }

    /** What is asked of this member; unreadable records are the scheduler's to answer. */
    private Optional<TestRequest> read(ConsumerRecord<byte[], byte[]> record) {
        if (decoder.decode(record.topic(), record.value()) instanceof EventDecoder.Event(SpecificRecord event)
                && event instanceof RestoreTestRequested requested
                && member.stanzas().contains(requested.getStanza())
                && requested.getPool().map(member.pool()::equals).orElse(true)) {
            return Optional.of(RestoreTestRequestReader.read(
                    requested,
                    Instant.ofEpochMilli(record.timestamp()),
                    CloudEventHeaders.text(record.headers(), CloudEventHeaders.TRACEPARENT)));
        }
        return Optional.empty();
    }

    /** A request that comes again while its test runs here waits for that test. True once the test has its verdict. */
    private CompletableFuture<Boolean> serve(TestRequest request) {
        return running.computeIfAbsent(
                request.testId(),
                testId -> CompletableFuture.supplyAsync(() -> serveToItsEnd(request), workers)
                        .whenComplete((_, _) -> workers.execute(() -> running.remove(testId))));
    }

    /** What keeps a test from its verdict is tried again: the claims that were written meanwhile bound how often. */
    private boolean serveToItsEnd(TestRequest request) {
        try {
            while (!closing) {
                if (serveOnce(request)) {
                    return true;
                }
                Thread.sleep(PAUSE_AFTER_BREAK);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean serveOnce(TestRequest request) throws InterruptedException {
        try {
            desk.serve(request);
            return true;
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("testId", request.testId())
                    .log("a restore test could not be served; trying again");
            return false;
        }
    }

    /** What happens when the pool shares the partitions anew. Tests go on; only their offsets are somebody else's now. */
    private final class Partitions implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            paused = false;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            partitions.forEach(offsets::lost);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(offsets::lost);
        }
    }
}
