package dev.holdfast.catalog.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The packaged catalog over a real broker, registry and PostgreSQL, with a fleet's month in it. The tests of one JVM share one; what it is made of ends with
 * the JVM.
 */
final class ServedFleet {

    private static @Nullable ServedFleet shared;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final KafkaBroker broker = KafkaBroker.ownBroker();
    private final SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
    private final PostgresCluster cluster = PostgresCluster.started();
    private final Fleet fleet = Fleet.ofAMonth();
    private final KafkaConnection kafka = broker.connection(registry.url());
    private final int port = FreePorts.next();

    private ServedFleet() {
        cluster.createDatabase("catalog");
        publish();
        AppProcess.of("catalog-service")
                .env("HOLDFAST_KAFKA", kafka.bootstrapServers())
                .env("HOLDFAST_REGISTRY", kafka.registry())
                .env("HOLDFAST_CATALOG_DB", cluster.jdbcUrl("catalog"))
                .env("HOLDFAST_CATALOG_DB_USER", PostgresCluster.SUPERUSER)
                .env("HOLDFAST_CATALOG_PORT", port)
                .readyAt("http://127.0.0.1:%d/actuator/health/liveness".formatted(port))
                .start();
    }

    /** Starts all of it when first asked for, and returns when the catalog has read everything. Nobody closes it. */
    static synchronized ServedFleet shared() {
        ServedFleet fleet = shared;
        if (fleet == null) {
            fleet = started();
            shared = fleet;
        }
        return fleet;
    }

    private static ServedFleet started() {
        ServedFleet served = new ServedFleet();
        Awaitility.await("the fleet in the catalog")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> served.get("/api/v1/stanzas").body().contains("\"caughtUp\":true")
                        && served.get("/api/v1/stanzas").body().contains(Fleet.EMPTY));
        return served;
    }

    private void publish() {
        try (EventLog topics = EventLog.open(kafka);
                KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(kafka.producer("fleet"))) {
            topics.events();
            List<Future<RecordMetadata>> sent = fleet.told().stream()
                    .map(one -> producer.send(recorded(one)))
                    .toList();
            producer.flush();
            assertThat(sent).allMatch(one -> one.state() == Future.State.SUCCESS);
        }
    }

    /** Publishes one more event now. */
    void publish(SpecificRecord event) {
        try (EventLog topics = EventLog.open(kafka)) {
            topics.publish(event);
        }
    }

    private static ProducerRecord<String, SpecificRecord> recorded(Fleet.Told told) {
        ProducerRecord<String, SpecificRecord> record = EventRecords.of(told.event(), Causation.none());
        return new ProducerRecord<>(
                record.topic(), null, told.at().toEpochMilli(), record.key(), record.value(), record.headers());
    }

    Fleet fleet() {
        return fleet;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    HttpResponse<String> get(String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(url(path))).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("no answer at " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
