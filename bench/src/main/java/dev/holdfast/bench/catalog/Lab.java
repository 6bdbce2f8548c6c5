package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a figure of the catalog needs: a broker, a registry and a PostgreSQL that keeps its promises (fsync on). All of it ends with the figure. */
final class Lab implements AutoCloseable {

    /** The heap that the local stack gives the catalog. */
    private static final String HEAP = "96m";

    private final KafkaBroker broker;
    private final SchemaRegistryProcess registry;
    private final PostgresCluster cluster;

    private Lab(KafkaBroker broker, SchemaRegistryProcess registry, PostgresCluster cluster) {
        this.broker = broker;
        this.registry = registry;
        this.cluster = cluster;
    }

    static Lab open() {
        KafkaBroker broker = KafkaBroker.ownBroker();
        SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
        new ContractProvisioner(broker.connection(registry.url())).provision();
        return new Lab(broker, registry, database());
    }

    /** Not the settings of the tests' clusters: nothing here is sped up that production would not. */
    static PostgresCluster database() {
        return ordinary().start();
    }

    /**
     * One to be filled with rows and asked for them. It is filled without the WAL that a replica or an archive would need; what autovacuum would do by and by, the
     * fill does at its end.
     *
     * @param keep folder in which it stays for the next run; empty for none
     */
    static PostgresCluster databaseOfRows(String keep) {
        PostgresCluster.Builder cluster = ordinary()
                .setting("wal_level", "minimal")
                .setting("max_wal_senders", "0")
                .setting("autovacuum", "off");
        return keep.isEmpty() ? cluster.start() : cluster.keptIn(Path.of(keep)).start();
    }

    private static PostgresCluster.Builder ordinary() {
        return PostgresCluster.builder()
                .setting("fsync", "on")
                .setting("shared_buffers", "1GB")
                .setting("max_wal_size", "4GB")
                .setting("maintenance_work_mem", "256MB")
                .setting("random_page_cost", "1.1");
    }

    KafkaBroker broker() {
        return broker;
    }

    SchemaRegistryProcess registry() {
        return registry;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    KafkaConnection kafka() {
        return broker.connection(registry.url());
    }

    /** The packaged catalog over a database of the cluster, ready to answer. */
    RunningCatalog catalog(String database) {
        return catalog(kafka(), cluster, database, true);
    }

    /** A catalog that only answers needs no Kafka. */
    static RunningCatalog answering(PostgresCluster cluster, String database) {
        return catalog(new KafkaConnection("127.0.0.1:1", "mock://none", Map.of()), cluster, database, false);
    }

    private static RunningCatalog catalog(
            KafkaConnection kafka, PostgresCluster cluster, String database, boolean projector) {
        int port = FreePorts.next();
        AppProcess process = AppProcess.of("catalog-service")
                .heap(HEAP)
                .env("HOLDFAST_KAFKA", kafka.bootstrapServers())
                .env("HOLDFAST_REGISTRY", kafka.registry())
                .env("HOLDFAST_CATALOG_DB", cluster.jdbcUrl(database))
                .env("HOLDFAST_CATALOG_DB_USER", PostgresCluster.SUPERUSER)
                .env("HOLDFAST_CATALOG_PORT", port)
                .env("CATALOG_PROJECTOR", projector)
                .readyAt("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
                .start();
        return new RunningCatalog(process, port);
    }

    /** The process id of the cluster's postmaster. */
    static long postmaster(PostgresCluster cluster) {
        try {
            return Long.parseLong(Files.readAllLines(cluster.dataDirectory().resolve("postmaster.pid"))
                    .getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    /** The checkout's root. */
    static Path root() {
        return Path.of(System.getProperty("holdfast.root"));
    }

    @Override
    public void close() {
        cluster.close();
        registry.close();
        broker.close();
    }
}
