package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.SecureKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A packaged scheduler on a broker with TLS, certificates and the grants of deploy/kafka/acls.tsv. */
class SecureKafkaIT {

    private static final UUID ID = UUID.randomUUID();

    @TempDir
    private static Path folder;

    private static SecureKafka broker;
    private static RunningScheduler scheduler;

    @BeforeAll
    static void start() {
        broker = new SecureKafka(folder);
        scheduler = RunningScheduler.started(
                        connection("scheduler"),
                        folder.resolve("secure"),
                        Map.of(
                                "HOLDFAST_KAFKA_CONFIG",
                                broker.settingsFile("scheduler").toString()))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        if (scheduler != null) {
            scheduler.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static KafkaConnection connection(String role) {
        return broker.connection(role, SchemaRegistryProcess.shared().url());
    }

    @Test
    void theSchedulersGrantsAreEnoughForAllItDoes() {
        try (EventLog log = EventLog.open(connection("admin"))) {
            scheduler.apply("{stanza: secured, timezone: UTC, backups: [{name: n, type: full, cron: '0 2 * * *'}]}");
            log.await(Policy.class, policy -> policy.getStanza().equals("secured"));
            assertThat(scheduler
                            .post("/api/v1/backup-requests", "application/json", "{\"stanza\": \"nobodys\"}")
                            .statusCode())
                    .isEqualTo(202);
            log.await(BackupRequested.class, request -> request.getStanza().equals("nobodys"));
            // the engine has read it, transactions and its own topics included
            log.await(RequestUnserved.class, unserved -> unserved.getStanza().equals("nobodys"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "runner,    BackupCompleted",
        "validator, RestoreTestCompleted",
        "catalog,   BackupRequested",
        "catalog,   RestoreTestRequested",
        "cli,       BackupRequested",
        "cli,       CancelRequested"
    })
    void eachMayWriteWhatIsItsOwn(String role, String event) throws InterruptedException, ExecutionException {
        write(role, event);
    }

    @ParameterizedTest
    @CsvSource({
        "runner,    RestoreTestCompleted",
        "runner,    BackupRequested",
        "runner,    Policy",
        "validator, BackupCompleted",
        "validator, Policy",
        "scheduler, BackupCompleted",
        "scheduler, RestoreTestCompleted",
        "catalog,   BackupCompleted",
        "catalog,   RestoreTestCompleted",
        "catalog,   Policy",
        "cli,       BackupCompleted",
        "cli,       RestoreTestCompleted",
        "cli,       Policy",
        "stranger,  BackupRequested"
    })
    void nobodyMayWriteWhatIsAnothers(String role, String event) {
        assertThatThrownBy(() -> write(role, event)).hasRootCauseInstanceOf(TopicAuthorizationException.class);
    }

    private static void write(String role, String event) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, SpecificRecord> producer =
                new KafkaProducer<>(connection(role).producer("test"))) {
            producer.send(EventRecords.of(event(event), Causation.none())).get();
        }
    }

    private static SpecificRecord event(String name) {
        return switch (name) {
            case "BackupRequested" -> Events.backupRequested("granted").build();
            case "RestoreTestRequested" ->
                ProofEvents.restoreTestRequested("granted").build();
            case "CancelRequested" -> Events.cancelRequested("granted", ID).build();
            case "BackupCompleted" -> Events.backupCompleted("granted", ID).build();
            case "RestoreTestCompleted" ->
                ProofEvents.restoreTestCompleted("granted", ID, ID).build();
            case "Policy" -> PolicyEvents.policy("granted").build();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
