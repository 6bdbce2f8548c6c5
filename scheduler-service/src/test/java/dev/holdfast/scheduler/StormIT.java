package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged schedulers share the stanzas; one is killed while they fire, and then the broker. */
class StormIT {

    private static final int STANZAS = 1_200;
    private static final List<String> NAMES =
            IntStream.range(0, STANZAS).mapToObj(i -> "stanza-" + i).toList();
    private static final Duration TO_READ_ALL = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void killedInTheMiddleOfAStormAndTheBrokerTooEverySlotHasExactlyOneRequestAndOneConclusion() {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            // few fires in a transaction, so that the storm has a middle
            Map<String, String> slowly = Map.of("HOLDFAST_SCHEDULER_FIRESATICK", "10");
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler one = RunningScheduler.started(kafka, folder.resolve("one"), slowly)
                            .awaitReady();
                    RunningScheduler other = RunningScheduler.started(kafka, folder.resolve("other"), slowly)
                            .awaitReady()) {
                Awaitility.await("both have stanzas")
                        .atMost(RunningScheduler.LIMIT)
                        .until(() ->
                                one.log().contains("is read") && other.log().contains("is read"));
                HeldSlots held = new HeldSlots(kafka);
                held.publishUntil(Instant.now().plus(TO_READ_ALL), NAMES);

                Awaitility.await("the storm has begun")
                        .atMost(RunningScheduler.LIMIT)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> log.all(SlotConcluded.class).size() > STANZAS / 10);
                one.kill9();
                int atTheKill = log.all(SlotConcluded.class).size();
                assertThat(atTheKill).as("concluded when both were killed").isLessThan(STANZAS);
                broker.crash();
                broker.startAgain();

                Awaitility.await("every slot is concluded")
                        .atMost(RunningScheduler.LIMIT)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> stanzas(log).size() == STANZAS);
                everyLaneGoesOn(log);

                assertThat(log.all(SlotConcluded.class))
                        .hasSize(STANZAS)
                        .allSatisfy(concluded -> assertThat(concluded.getSlot()).isEqualTo(held.slot()));
                List<UUID> concluded = log.all(SlotConcluded.class).stream()
                        .map(fact -> fact.getRequestId().orElseThrow())
                        .toList();
                assertThat(log.all(BackupRequested.class).stream()
                                .filter(request -> request.getSlot().isPresent())
                                .map(BackupRequested::getRequestId))
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrderElementsOf(concluded);
            }
        }
    }

    private static Set<String> stanzas(EventLog log) {
        Set<String> stanzas = new HashSet<>();
        log.all(SlotConcluded.class).forEach(concluded -> stanzas.add(concluded.getStanza()));
        return stanzas;
    }

    /** One more request in many stanzas is answered, so every task has done what it had to do before. */
    private static void everyLaneGoesOn(EventLog log) {
        List<BackupRequested> probes = IntStream.range(0, 48)
                .mapToObj(i -> Events.backupRequested("stanza-" + i).build())
                .toList();
        probes.forEach(log::publish);
        probes.forEach(probe ->
                log.await(RequestUnserved.class, given -> given.getRequestId().equals(probe.getRequestId())));
    }
}
