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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The packaged catalog and its PostgreSQL, killed in turn while it catches up. */
class CrashIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(CrashIT.class);
    private static final int REQUESTS = 10_000;
    private static final int MOST_KILLS = 5;

    @Test
    void whoeverIsKilledWhileItCatchesUpNothingIsLostOrDoubled() {
        long seed = System.nanoTime();
        LOGGER.info("seed of the kills: {}", seed);
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
                PostgresCluster cluster = PostgresCluster.started()) {
            cluster.createDatabase("catalog");
            KafkaConnection kafka = broker.connection(registry.url());
            publish(kafka);

            int kills = catchUp(kafka, cluster, new Random(seed));

            assertThat(kills).as("kills, seed %d", seed).isPositive();
            assertThat(count(cluster, "select count(*) from holdfast.events"))
                    .as("events, seed %d", seed)
                    .isEqualTo(2L * REQUESTS);
            assertThat(count(cluster, "select count(*) from holdfast.requests where state = 'FAILED'"))
                    .as("requests, seed %d", seed)
                    .isEqualTo(REQUESTS);
            assertThat(
                            count(
                                    cluster,
                                    "select sum(next_offset)::bigint from holdfast.log_offsets where topic = 'holdfast.backup.events'"))
                    .as("offsets, seed %d", seed)
                    .isEqualTo(REQUESTS);
        }
    }

    /** Kills the catalog or PostgreSQL whenever more has come in, until all has; gives how often. */
    private static int catchUp(KafkaConnection kafka, PostgresCluster cluster, Random random) {
        int kills = 0;
        AppProcess catalog = started(kafka, cluster);
        try {
            for (long before = 0; before < 2L * REQUESTS && kills < MOST_KILLS; kills++) {
                long from = before;
                Awaitility.await("some more events")
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(40)))
                        .until(() -> events(cluster) > from);
                if (kills % 2 == 0) {
                    catalog.kill9();
                    before = events(cluster);
                    catalog = started(kafka, cluster);
                } else {
                    cluster.kill();
                    cluster.start();
                    before = events(cluster);
                }
            }
            Awaitility.await("all events").atMost(Duration.ofMinutes(2)).until(() -> events(cluster) >= 2L * REQUESTS);
        } finally {
            catalog.close();
        }
        return kills;
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
