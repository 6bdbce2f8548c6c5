package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.QueueCause;
import dev.holdfast.events.RequestQueued;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two packaged schedulers with caps on what runs at once; the one with the gate is killed while many wait. */
class CapsIT {

    private static final int IN_SMALL = 2;
    private static final int OVER_ALL = 5;
    private static final List<String> SMALL =
            IntStream.range(0, 8).mapToObj(i -> "small-" + i).toList();
    private static final String BY_HAND = "small-by-hand";
    private static final List<String> LARGE =
            IntStream.range(0, 8).mapToObj(i -> "large-" + i).toList();
    private static final int WAITING = SMALL.size() + LARGE.size() + 1 - OVER_ALL;
    private static final Map<String, String> CAPS = Map.of(
            "HOLDFAST_SCHEDULER_MAX_RUNNING",
            String.valueOf(OVER_ALL),
            "HOLDFAST_SCHEDULER_MAX_RUNNING_IN_POOLS",
            "small=" + IN_SMALL);

    private static final Duration TO_READ_ALL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void whatIsDueTogetherWaitsForAPlaceAlsoOverAKillAndEverySlotIsAskedForOnce() {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler one = RunningScheduler.started(kafka, folder.resolve("one"), CAPS)
                            .awaitReady();
                    RunningScheduler other = RunningScheduler.started(kafka, folder.resolve("other"), CAPS)
                            .awaitReady()) {
                announce(log);
                BackupRequested byHand = Events.backupRequested(BY_HAND).build();
                log.publish(byHand);
                // what is asked for by hand is not held: it has its place before the others come
                Awaitility.await("it has its place")
                        .atMost(RunningScheduler.LIMIT)
                        .until(() -> !RunningScheduler.json(other.get("/api/v1/queue?stanza=" + BY_HAND))
                                .path("items")
                                .isEmpty());
                HeldSlots held = new HeldSlots(kafka);
                held.publishUntil(
                        Instant.now().plus(TO_READ_ALL),
                        Stream.concat(SMALL.stream(), LARGE.stream()).toList());
                Awaitility.await("what is full is full, and the rest waits")
                        .atMost(RunningScheduler.LIMIT)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            // pools are alive as long as they say so
                            announce(log);
                            return open(log).size() == OVER_ALL
                                    && log.all(RequestQueued.class).size() == WAITING;
                        });

                assertThat(open(log)).extracting(BackupRequested::getRequestId).contains(byHand.getRequestId());
                JsonNode queue = RunningScheduler.json(other.get("/api/v1/queue?limit=1000"));
                assertThat(queue).isEqualTo(RunningScheduler.json(one.get("/api/v1/queue?limit=1000")));
                assertThat(queue.path("waiting").asInt()).isEqualTo(WAITING);
                one.kill9();
                int most = serveAll(log);

                assertThat(most).as("at once").isLessThanOrEqualTo(OVER_ALL);
                assertThat(log.all(SlotConcluded.class))
                        .hasSize(SMALL.size() + LARGE.size())
                        .allSatisfy(concluded -> {
                            assertThat(concluded.getSlot()).isEqualTo(held.slot());
                            assertThat(concluded.getOutcome()).isEqualTo(SlotOutcome.CAUGHT_UP);
                        });
                assertThat(log.all(BackupRequested.class))
                        .hasSize(SMALL.size() + LARGE.size() + 1)
                        .extracting(BackupRequested::getRequestId)
                        .doesNotHaveDuplicates();
                assertThat(log.all(RequestQueued.class))
                        .extracting(RequestQueued::getCause)
                        .contains(QueueCause.POOL_FULL);
                Awaitility.await("nobody has a place any more")
                        .atMost(RunningScheduler.LIMIT)
                        .until(() -> RunningScheduler.json(other.get("/api/v1/queue"))
                                .path("items")
                                .isEmpty());
            }
        }
    }

    private static void announce(EventLog log) {
        log.publish(
                alive("small", Stream.concat(SMALL.stream(), Stream.of(BY_HAND)).toList()));
        log.publish(alive("large", LARGE));
    }

    private static RunnerAnnounced alive(String pool, List<String> stanzas) {
        return Events.runnerAnnounced(pool, stanzas.toArray(String[]::new))
                .setPool(pool)
                .build();
    }

    /** Completes one request after the other until all have been asked for; tells how many were open at once. */
    private static int serveAll(EventLog log) {
        int most = 0;
        Set<UUID> done = new HashSet<>();
        int all = SMALL.size() + LARGE.size() + 1;
        while (done.size() < all) {
            Awaitility.await("%d of %d are done, the next is asked for".formatted(done.size(), all))
                    .atMost(RunningScheduler.LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        announce(log);
                        return !open(log).isEmpty();
                    });
            List<BackupRequested> open = open(log);
            most = Math.max(most, open.size());
            assertThat(inSmall(open)).as("at once in the small pool").isLessThanOrEqualTo(IN_SMALL);
            BackupRequested first = open.getFirst();
            log.publish(Events.backupCompleted(first.getStanza(), first.getRequestId())
                    .setFinishedAt(Instant.now())
                    .build());
            log.await(
                    BackupCompleted.class, completed -> completed.getRequestId().equals(first.getRequestId()));
            done.add(first.getRequestId());
        }
        return most;
    }

    private static long inSmall(List<BackupRequested> requests) {
        return requests.stream()
                .filter(request -> request.getStanza().startsWith("small"))
                .count();
    }

    private static List<BackupRequested> open(EventLog log) {
        Map<UUID, BackupRequested> open = new HashMap<>();
        log.all(BackupRequested.class).forEach(request -> open.put(request.getRequestId(), request));
        log.all(BackupCompleted.class).forEach(completed -> open.remove(completed.getRequestId()));
        return List.copyOf(open.values());
    }
}
