package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The packaged catalog, killed while it catches up. */
class CrashIT {

    private static final int REQUESTS = 6_000;

    @Test
    void killedWhileItCatchesUpItLosesAndDoublesNothing() {
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
                PostgresCluster cluster = PostgresCluster.started()) {
            cluster.createDatabase("catalog");
            KafkaConnection kafka = broker.connection(registry.url());
            publish(kafka);

            int kills = 0;
            long before = 0;
            while (before < 2L * REQUESTS && kills < 4) {
                try (AppProcess catalog = started(kafka, cluster)) {
                    long from = before;
                    Awaitility.await("some more events")
                            .atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> events(cluster) > from);
                    catalog.kill9();
                    kills++;
                }
                before = events(cluster);
            }
            try (AppProcess catalog = started(kafka, cluster)) {
                Awaitility.await("all events")
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> events(cluster) == 2L * REQUESTS);
                assertThat(catalog.isAlive()).isTrue();
            }

            assertThat(kills).isPositive();
            assertThat(count(cluster, "select count(*) from holdfast.requests where state = 'FAILED'"))
                    .isEqualTo(REQUESTS);
            assertThat(
                            count(
                                    cluster,
                                    "select sum(next_offset)::bigint from holdfast.log_offsets where topic = 'holdfast.backup.events'"))
                    .isEqualTo(REQUESTS);
        }
    }

    private static void publish(KafkaConnection kafka) {
        try (EventLog topics = EventLog.open(kafka);
                KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(kafka.producer("many"))) {
            assertThat(topics.events()).isEmpty();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                BackupRequested request =
                        Events.backupRequested("stanza-" + i % 50).build();
                UUID id = request.getRequestId();
                sent.add(producer.send(EventRecords.of(request, Causation.none())));
                sent.add(producer.send(EventRecords.of(
                        Events.backupFailed(request.getStanza(), id).build(), Causation.none())));
            }
            producer.flush();
            assertThat(sent).allMatch(one -> one.state() == Future.State.SUCCESS);
        }
    }

    private static AppProcess started(KafkaConnection kafka, PostgresCluster cluster) {
        int port = FreePorts.next();
        return AppProcess.of("catalog-service")
                .env("HOLDFAST_KAFKA", kafka.bootstrapServers())
                .env("HOLDFAST_REGISTRY", kafka.registry())
                .env("HOLDFAST_CATALOG_DB", cluster.jdbcUrl("catalog"))
                .env("HOLDFAST_CATALOG_DB_USER", PostgresCluster.SUPERUSER)
                .env("HOLDFAST_CATALOG_PORT", port)
                .readyAt("http://127.0.0.1:%d/actuator/health/liveness".formatted(port))
                .start();
    }

    private static long events(PostgresCluster cluster) {
        boolean made = !cluster.sqlIn("catalog", "select to_regclass('holdfast.events')")
                .getFirst()
                .equals("null");
        return made ? count(cluster, "select count(*) from holdfast.events") : 0;
    }

    private static long count(PostgresCluster cluster, String sql) {
        return Long.parseLong(cluster.sqlIn("catalog", sql).getFirst());
    }
}
