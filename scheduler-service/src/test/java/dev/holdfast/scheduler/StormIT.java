package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged schedulers share the stanzas; one is killed while they fire, and then the broker. */
class StormIT {

    private static final int STANZAS = 1_200;

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
                Instant slot = applyAll(kafka);

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
                        .allSatisfy(concluded -> assertThat(concluded.getSlot()).isEqualTo(slot));
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

    /** One slot in all: the next minute that is far enough away to get all policies there. */
    private static Instant applyAll(KafkaConnection kafka) {
        Instant slot =
                Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        var time = slot.atOffset(ZoneOffset.UTC);
        PolicyDefinition definition = PolicyDefinition.newBuilder()
                .setTimezone("UTC")
                .setBackups(List.of(new BackupSchedule(
                        "once", BackupType.FULL, "%d %d * * *".formatted(time.getMinute(), time.getHour()), null)))
                .setObjectives(Objectives.newBuilder().build())
                .build();
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(kafka.producer("many"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < STANZAS; i++) {
                Policy policy = PolicyEvents.policy("stanza-" + i)
                        .setDefinition(definition)
                        .build();
                sent.add(producer.send(EventRecords.of(policy, Causation.none())));
            }
            producer.flush();
            assertThat(sent).allMatch(one -> one.state() == Future.State.SUCCESS);
        }
        return slot;
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
