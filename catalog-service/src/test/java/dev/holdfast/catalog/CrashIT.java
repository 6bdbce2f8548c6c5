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
    private static final int KILLS_OF_EACH = 5;

    /** Before each kill so many requests lie in the log unread, and as many ends: several transactions, so that it is hit amid them. */
    private static final int REQUESTS_A_KILL = 2_500;

    private static final int REQUESTS = 2 * KILLS_OF_EACH * REQUESTS_A_KILL;

    @Test
    void whoeverIsKilledWhileItCatchesUpNothingIsLostOrDoubled() {
        long seed = System.nanoTime();
        LOGGER.info("seed of the kills: {}", seed);
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
                PostgresCluster cluster = PostgresCluster.started()) {
            cluster.createDatabase("catalog");
            KafkaConnection kafka = broker.connection(registry.url());

            catchUp(kafka, cluster, new Random(seed));

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

    /** Each kill comes as soon as something of what was published before it has come in. */
    private static void catchUp(KafkaConnection kafka, PostgresCluster cluster, Random random) {
        try (EventLog topics = EventLog.open(kafka)) {
            assertThat(topics.events()).isEmpty();
        }
        AppProcess catalog = started(kafka, cluster);
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(kafka.producer("many"))) {
            for (int kill = 0; kill < 2 * KILLS_OF_EACH; kill++) {
                long before = events(cluster);
                publish(producer);
                Awaitility.await("some more events")
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(40)))
                        .until(() -> events(cluster) > before);
                if (kill % 2 == 0) {
                    catalog.kill9();
                    catalog = started(kafka, cluster);
                } else {
                    cluster.kill();
                    cluster.start();
                }
            }
            Awaitility.await("all events").atMost(Duration.ofMinutes(2)).until(() -> events(cluster) >= 2L * REQUESTS);
        } finally {
            catalog.close();
        }
    }

    private static void publish(KafkaProducer<String, SpecificRecord> producer) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < REQUESTS_A_KILL; i++) {
            BackupRequested request = Events.backupRequested("stanza-" + i % 50).build();
            UUID id = request.getRequestId();
            sent.add(producer.send(EventRecords.of(request, Causation.none())));
            sent.add(producer.send(
                    EventRecords.of(Events.backupFailed(request.getStanza(), id).build(), Causation.none())));
        }
        producer.flush();
        assertThat(sent).allMatch(one -> one.state() == Future.State.SUCCESS);
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
