package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packaged scheduler whose Kafka comes late and goes away. */
class OutageIT {

    @TempDir
    private Path folder;

    @Test
    void itWaitsForAKafkaThatComesLateAndOutlivesOneThatGoesAway() {
        int port = FreePorts.next();
        KafkaConnection absent = new KafkaConnection(
                "127.0.0.1:" + port, SchemaRegistryProcess.shared().url(), Map.of());
        try (RunningScheduler scheduler = RunningScheduler.started(absent, folder.resolve("early"), Map.of())) {
            assertThat(scheduler.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(scheduler.get("/actuator/health/readiness").body()).contains("Kafka at 127.0.0.1:" + port);
            assertThat(scheduler
                            .post("/api/v1/backup-requests", "application/json", "{\"stanza\": \"early\"}")
                            .statusCode())
                    .isEqualTo(503);

            try (KafkaBroker broker = KafkaBroker.ownBrokerAt(port);
                    EventLog log = EventLog.open(absent)) {
                scheduler.awaitReady();
                new HeldSlots(absent).publishUntilResumed("held");
                scheduler.awaitStatus("/api/v1/policies/held", 200);
                BackupRequested before = Events.backupRequested("before").build();
                log.publish(before);
                awaitUnserved(log, before);

                broker.crash();
                broker.startAgain();

                BackupRequested after = Events.backupRequested("after").build();
                log.publish(after);
                awaitUnserved(log, after);
                scheduler.awaitReady();
                assertThat(scheduler
                                .post("/api/v1/policies/held/resume", "application/yaml", "")
                                .statusCode())
                        .isEqualTo(200);
                SlotConcluded slot = log.await(
                        SlotConcluded.class, concluded -> concluded.getStanza().equals("held"));
                assertThat(log.all(BackupRequested.class))
                        .filteredOn(request -> request.getSlot().isPresent())
                        .extracting(BackupRequested::getRequestId)
                        .doesNotHaveDuplicates()
                        .contains(slot.getRequestId().orElseThrow());
                assertThat(log.all(RequestUnserved.class))
                        .filteredOn(unserved -> unserved.getRequestId().equals(before.getRequestId()))
                        .hasSize(1);
            }
        }
    }

    @Test
    void itOutlivesAnOutageThatEndsItsEngine() throws IOException {
        int port = FreePorts.next();
        Path impatient = Files.writeString(folder.resolve("impatient.properties"), """
                task.timeout.ms=0
                max.block.ms=5000
                request.timeout.ms=4000
                delivery.timeout.ms=5000
                default.api.timeout.ms=10000
                """);
        try (KafkaBroker broker = KafkaBroker.ownBrokerAt(port)) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = RunningScheduler.started(
                                    kafka,
                                    folder.resolve("impatient"),
                                    Map.of(
                                            "HOLDFAST_KAFKA_CONFIG",
                                            impatient.toString(),
                                            "HOLDFAST_SCHEDULER_UNKNOWN_GRACE",
                                            "15s"))
                            .awaitReady()) {
                // its grace ends without a broker, so that the engine has something to commit and notices
                BackupRequested during = Events.backupRequested("during").build();
                RecordMetadata asked = log.publish(during);
                RunningScheduler.awaitTakenIn(
                        kafka, new TopicPartition(asked.topic(), asked.partition()), asked.offset());
                broker.crash();
                scheduler.awaitLogged("the engine's thread has died and is replaced");
                broker.startAgain();

                BackupRequested after = Events.backupRequested("after").build();
                log.publish(after);
                awaitUnserved(log, after);
                awaitUnserved(log, during);
            }
        }
    }

    @Test
    void toldToStopWhileItWaitsForKafkaItStops() {
        KafkaConnection absent = new KafkaConnection(
                "127.0.0.1:" + FreePorts.next(), SchemaRegistryProcess.shared().url(), Map.of());
        try (RunningScheduler scheduler = RunningScheduler.started(absent, folder.resolve("stopped"), Map.of())) {
            assertThat(scheduler.exitCodeWhenAsked()).isPresent();
        }
    }

    private static void awaitUnserved(EventLog log, BackupRequested request) {
        log.await(RequestUnserved.class, unserved -> unserved.getRequestId().equals(request.getRequestId()));
    }
}
