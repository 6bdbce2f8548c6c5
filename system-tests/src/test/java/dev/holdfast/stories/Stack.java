package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.outside.Cli;
import dev.holdfast.testsupport.outside.Closing;
import dev.holdfast.testsupport.outside.Executions;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Patience;
import dev.holdfast.testsupport.outside.PlainProducer;
import dev.holdfast.testsupport.outside.SchemaRegistry;
import dev.holdfast.testsupport.outside.TopicLog;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The whole product on one machine, shared by the stories: broker, registry, the catalog's database, the four services,
 * and several stanzas in one repository. A story that breaks something breaks a stanza of its own, or starts a {@link
 * Site} of its own beside.
 */
final class Stack implements AutoCloseable {

    /** The stanzas that the shared runner and validator serve. Each story that damages something has one for itself. */
    static final List<String> STANZAS = List.of("mcpgov", "adhoc", "damaged", "gap", "stopped", "quiet");

    private static final String DATABASE_USER = "postgres";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, PgBackRestRepository> stanzas = new LinkedHashMap<>();
    private final Path folder;
    private final KafkaBroker broker;
    private final SchemaRegistryProcess registry;
    private final PostgresCluster database;
    private final String scheduler;
    private final String catalog;
    private final Executions executions;
    private final TopicLog log;
    private final PlainProducer producer;

    Stack() {
        folder = Folders.forLogs();
        broker = closeLater(KafkaBroker.ownBroker());
        registry = closeLater(SchemaRegistryProcess.ownRegistry());
        database = closeLater(PostgresCluster.started());
        STANZAS.forEach(this::addStanza);
        executions =
                new Executions(Folders.in(folder, "executions"), repository().executable());
        scheduler = startScheduler();
        catalog = startCatalog("holdfast", "catalog").url();
        startRunner();
        startValidator();
        SchemaRegistry schemas = new SchemaRegistry(registry.url());
        log = closeLater(new TopicLog(broker.bootstrapServers(), schemas));
        producer = closeLater(new PlainProducer(broker.bootstrapServers(), schemas));
    }

    /** Everything that was ever published. */
    TopicLog log() {
        return log;
    }

    /** Publishes requests as a stranger does. */
    PlainProducer producer() {
        return producer;
    }

    /** The catalog over HTTP. */
    Http catalog() {
        return new Http(catalog);
    }

    /** The scheduler over HTTP. */
    Http scheduler() {
        return new Http(scheduler);
    }

    /** The command line interface, pointed at this stack. */
    Cli cli() {
        return new Cli(environment(), catalog, scheduler);
    }

    /** One of {@link #STANZAS}. */
    PgBackRestRepository stanza(String name) {
        return Objects.requireNonNull(stanzas.get(name), name);
    }

    /** The event that ended a backup request; waits for it. */
    LoggedEvent endOf(UUID requestId) {
        return first(requestId, "BackupCompleted", "BackupFailed", "BackupRejected");
    }

    /** The verdict of a restore test that was requested by hand; waits for it. */
    LoggedEvent verdictOf(UUID testId) {
        return first(testId, "RestoreTestCompleted");
    }

    /** The first event of a request that has one of these types; waits for it. */
    LoggedEvent first(UUID requestId, String... types) {
        Patience.until(
                String.join(" or ", types) + " of " + requestId,
                () -> assertThat(log.of(requestId, types))
                        .as("%s", log.of(requestId))
                        .isNotEmpty());
        return log.of(requestId, types).getFirst();
    }

    /** Asks for a full backup, waits for it and gives its label. */
    String backup(String stanza) {
        LoggedEvent end = endOf(producer.requestBackup(stanza));
        assertThat(end.type()).as("%s", end).isEqualTo("BackupCompleted");
        return end.text("label");
    }

    /** Waits until the catalog says that a request is in this state, and gives its answer. */
    JsonNode request(UUID requestId, String state) {
        Patience.until("request %s %s".formatted(requestId, state), () -> {
            JsonNode answer = catalog().get("/api/v1/requests/" + requestId).json();
            assertThat(answer.path("state").asText()).as("%s", answer).isEqualTo(state);
        });
        return catalog().get("/api/v1/requests/" + requestId).json();
    }

    /** What the shared runner has executed. */
    Executions executions() {
        return executions;
    }

    /** The catalog's database server. */
    PostgresCluster database() {
        return database;
    }

    /** Where the logs and states of all processes are; kept after the run, under {@code target}. */
    Path folder() {
        return folder;
    }

    /** The variables that every app needs. */
    Map<String, String> environment() {
        return Map.of("HOLDFAST_KAFKA", broker.bootstrapServers(), "HOLDFAST_REGISTRY", registry.url());
    }

    /** What the shell of an operator has: the addresses of everything, {@code holdfast}, and the key of the validator's evidence. */
    Map<String, String> operatorsEnvironment() {
        return Map.of(
                "HOLDFAST_KAFKA",
                broker.bootstrapServers(),
                "HOLDFAST_REGISTRY",
                registry.url(),
                "HOLDFAST_CATALOG",
                catalog,
                "HOLDFAST_SCHEDULER",
                scheduler,
                "EVIDENCE_KEY",
                folder.resolve("state-validator/evidence-key.pub.pem").toString(),
                "PATH",
                System.getProperty("holdfast.root") + ":" + System.getenv("PATH"));
    }

    /** A packaged app that is pointed at this stack and logs into its folder. */
    AppProcess.Builder app(String module, String instance) {
        AppProcess.Builder app =
                AppProcess.of(module).env("HOLDFAST_INSTANCE", instance).logTo(folder.resolve(instance + ".log"));
        environment().forEach(app::env);
        return app;
    }

    /** A catalog of its own on a database of its own, beside the shared one. */
    CatalogProcess startCatalog(String databaseName, String instance) {
        if (database.sql("select 1 from pg_database where datname = '%s'".formatted(databaseName))
                .isEmpty()) {
            database.createDatabase(databaseName);
        }
        int port = FreePorts.next();
        String url = "http://127.0.0.1:" + port;
        AppProcess process = closeLater(app("catalog-service", instance)
                .env("HOLDFAST_CATALOG_PORT", port)
                .env("HOLDFAST_CATALOG_DB", database.jdbcUrl(databaseName))
                .env("HOLDFAST_CATALOG_DB_USER", DATABASE_USER)
                .readyAt(url + "/actuator/health/readiness")
                .start());
        return new CatalogProcess(process, url);
    }

    /** A running catalog and where it answers. */
    record CatalogProcess(AppProcess process, String url) {}

    /** Ends everything, the newest first. */
    @Override
    public void close() {
        Closing.all(open);
    }

    private PgBackRestRepository repository() {
        return stanzas.values().iterator().next();
    }

    private void addStanza(String name) {
        PostgresCluster cluster =
                closeLater(PostgresCluster.builder().archiving().start());
        PgBackRestRepository stanza = stanzas.isEmpty()
                ? PgBackRestRepository.create(cluster, name)
                : repository().alsoFor(cluster, name);
        stanzas.put(name, closeLater(stanza));
    }

    private String startScheduler() {
        int port = FreePorts.next();
        String url = "http://127.0.0.1:" + port;
        closeLater(app("scheduler-service", "scheduler")
                .env("HOLDFAST_SCHEDULER_PORT", port)
                .env("HOLDFAST_SCHEDULER_STATE", Folders.in(folder, "state-scheduler"))
                .readyAt(url + "/actuator/health/readiness")
                .start());
        return url;
    }

    private void startRunner() {
        int port = FreePorts.next();
        closeLater(app("runner-service", "runner")
                .env("HOLDFAST_RUNNER_PORT", port)
                .env("HOLDFAST_RUNNER_POOL", "shared")
                .env("HOLDFAST_RUNNER_STANZAS", String.join(",", STANZAS))
                .env("HOLDFAST_PGBACKREST", executions.program())
                .env("HOLDFAST_PGBACKREST_CONFIG", repository().configuration())
                .env("HOLDFAST_RUNNER_STATE", Folders.in(folder, "state-runner"))
                .readyAt("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
                .start());
    }

    private void startValidator() {
        int port = FreePorts.next();
        closeLater(app("validator-service", "validator")
                .env("HOLDFAST_VALIDATOR_PORT", port)
                .env("HOLDFAST_VALIDATOR_POOL", "shared")
                .env("HOLDFAST_VALIDATOR_STANZAS", String.join(",", STANZAS))
                .env("HOLDFAST_PGBACKREST_CONFIG", repository().configuration())
                .env("HOLDFAST_SANDBOX", "docker")
                .env("HOLDFAST_VALIDATOR_STATE", Folders.in(folder, "state-validator"))
                .readyAt("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
                .start());
    }

    private <T extends AutoCloseable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }
}
