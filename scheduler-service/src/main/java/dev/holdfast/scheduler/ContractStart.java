package dev.holdfast.scheduler;

import dev.holdfast.scheduler.log.LogTail;
import dev.holdfast.scheduler.log.OwnTopic;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * What must be so before the engine starts: topics and subjects exist, and each view knows where its topic ends.
 *
 * <p>Waits for a Kafka that is not there yet, for as long as it takes: restarting the scheduler would not bring it. HTTP is
 * opened first, so that meanwhile liveness says UP, readiness says no, and the rest answers that this instance is not ready.
 */
final class ContractStart implements SmartLifecycle {

    /** Before every listener and every binding. */
    static final int PHASE = Integer.MIN_VALUE + 1_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(ContractStart.class);
    private static final int ANSWER_MILLIS = 5_000;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final WebServerApplicationContext context;
    private final KafkaConnection connection;
    private final List<OwnTopic> own;
    private final Map<Topic, ReadThrough> views;
    private volatile boolean running;

    ContractStart(
            WebServerApplicationContext context,
            KafkaConnection connection,
            List<OwnTopic> own,
            Map<Topic, ReadThrough> views) {
        this.context = context;
        this.connection = connection;
        this.own = List.copyOf(own);
        this.views = Map.copyOf(views);
    }

    /** True once the topics are there. */
    boolean isDone() {
        return running;
    }

    @Override
    public void start() {
        Objects.requireNonNull(context.getWebServer(), "the web server is made before the lifecycle starts")
                .start();
        AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
        CompletableFuture<Void> prepared = new CompletableFuture<>();
        Thread attempts = Thread.ofVirtual().name("contract-start").start(() -> prepare(prepared));
        try {
            // a thread that waits like this is woken when the process is told to stop; one that sleeps would hold the
            // stop up
            prepared.get();
        } catch (InterruptedException e) {
            attempts.interrupt();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("told to stop while waiting for Kafka", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
        running = true;
    }

    private void prepare(CompletableFuture<Void> prepared) {
        try {
            boolean done = false;
            while (!done) {
                done = tryOnce();
                if (!done) {
                    Thread.sleep(TRY_AGAIN);
                }
            }
            prepared.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            prepared.completeExceptionally(e);
        }
    }

    /** False if Kafka was not there for it. */
    private boolean tryOnce() throws InterruptedException {
        try {
            if (!answers()) {
                return false;
            }
            new ContractProvisioner(connection).provision();
            for (OwnTopic topic : own) {
                topic.provision(connection);
            }
            views.forEach((topic, view) -> view.begin(LogTail.lastOffsets(
                    new KafkaConsumer<>(connection.consumer("scheduler-start")), partitions(topic))));
            return true;
        } catch (RuntimeException e) {
            if (!isPassing(e)) {
                throw e;
            }
            tellWaiting(e);
            return false;
        }
    }

    /** Asks for little and waits for a short time, so that an absent Kafka is told of at once. */
    private boolean answers() throws InterruptedException {
        try (Admin admin = Admin.create(connection.common())) {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
                    .nodes()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (!isPassing(e)) {
                throw new IllegalStateException(
                        "Kafka at %s refuses the scheduler: %s".formatted(connection.bootstrapServers(), e.getCause()),
                        e);
            }
            tellWaiting(e);
            return false;
        }
    }

    private void tellWaiting(Exception e) {
        LOGGER.atWarn()
                .addKeyValue("kafka", connection.bootstrapServers())
                .addKeyValue("error", String.valueOf(e.getMessage()))
                .log("Kafka does not answer; waiting for it. Start it, or set HOLDFAST_KAFKA to its address");
    }

    private static boolean isPassing(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(RetriableException.class::isInstance);
    }

    private static Set<TopicPartition> partitions(Topic topic) {
        return IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic.wireName(), partition))
                .collect(Collectors.toSet());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
