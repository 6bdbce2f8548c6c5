package dev.holdfast.runner;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One stanza of a real cluster, and the packaged runner that serves it against a real Kafka and registry. Tests may share a
 * stage and {@link #reset} it in between: a test's runners, their names and folders are its own.
 */
final class RunnerStage implements Conversation, AutoCloseable {

    private static final String READINESS = "readiness";
    private static final String LIVENESS = "liveness";

    private final KafkaConnection connection;
    private final EventLog log;
    private final String stanza = "s" + UUID.randomUUID().toString().substring(0, 8);
    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
    private final Sabotage sabotage;
    private final Path folder = temporaryFolder();
    private final PgbackrestGate gate;
    private final RunnerProcesses runners;
    private @Nullable SmallDisk repositoryDisk;

    private RunnerStage(KafkaBroker broker, BiFunction<PostgresCluster, String, PgBackRestRepository> repositories) {
        this(broker, PostgresCluster.builder().archiving().start(), repositories);
    }

    private RunnerStage(
            KafkaBroker broker,
            PostgresCluster cluster,
            BiFunction<PostgresCluster, String, PgBackRestRepository> repositories) {
        this.connection = broker.connection(SchemaRegistryProcess.shared().url());
        this.log = EventLog.open(connection);
        this.cluster = cluster;
        this.repository = repositories.apply(cluster, stanza);
        this.sabotage = new Sabotage(cluster, repository);
        this.gate = PgbackrestGate.before(folder, repository.executable().toString());
        this.runners = new RunnerProcesses(folder, settings());
    }

    private Map<String, String> settings() {
        return Map.of(
                "HOLDFAST_KAFKA", connection.bootstrapServers(),
                "HOLDFAST_REGISTRY", connection.registry(),
                "HOLDFAST_RUNNER_STANZAS", stanza,
                "HOLDFAST_PGBACKREST", gate.executable().toString(),
                "HOLDFAST_PGBACKREST_CONFIG", repository.configuration().toString(),
                // each ends a WAL segment, at a moment of its own
                "HOLDFAST_RUNNER_CHECK_EVERY", "PT0S");
    }

    /** A stage on the shared broker, its stanza created. */
    static RunnerStage open() {
        return open(KafkaBroker.shared(), Map.of());
    }

    /** A stage with further options of {@code [global]}, its stanza created. */
    static RunnerStage open(KafkaBroker broker, Map<String, String> options) {
        RunnerStage stage =
                new RunnerStage(broker, (cluster, stanza) -> PgBackRestRepository.configured(cluster, stanza, options));
        stage.repository.stanzaCreate();
        return stage;
    }

    /** A stage on the shared broker with a cluster of an older major version, its stanza created. */
    static RunnerStage openOlder() {
        RunnerStage stage = new RunnerStage(
                KafkaBroker.shared(),
                PostgresCluster.builder().archiving().older().start(),
                (cluster, stanza) -> PgBackRestRepository.configured(cluster, stanza, Map.of()));
        stage.repository.stanzaCreate();
        return stage;
    }

    /** A stage on the shared broker whose repository, with its stanza, is made elsewhere. */
    static RunnerStage openWith(BiFunction<PostgresCluster, String, PgBackRestRepository> repositories) {
        return new RunnerStage(KafkaBroker.shared(), repositories);
    }

    /**
     * A stage whose repository lies on a disk of its own.
     *
     * @param megabytes how much it holds
     */
    static RunnerStage openOnDisk(int megabytes, Map<String, String> options) {
        RunnerStage stage = new RunnerStage(
                KafkaBroker.shared(), (cluster, stanza) -> PgBackRestRepository.configured(cluster, stanza, options));
        stage.repositoryDisk =
                SmallDisk.mountedOn(stage.repository.path(), megabytes, stage.repository.repositoryOwner());
        stage.repository.stanzaCreate();
        return stage;
    }

    @Override
    public String stanza() {
        return stanza;
    }

    @Override
    public EventLog log() {
        return log;
    }

    @Override
    public KafkaConnection connection() {
        return connection;
    }

    @Override
    public PgBackRestRepository repository() {
        return repository;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    /** How runners call pgBackRest. */
    PgbackrestGate gate() {
        return gate;
    }

    /** What can go wrong around the stanza. */
    Sabotage sabotage() {
        return sabotage;
    }

    /** The runners that were started. */
    RunnerProcesses runners() {
        return runners;
    }

    /** What a runner has on its disk of its runs. */
    RunTraces runsOf(String name) {
        return new RunTraces(runners.state(name));
    }

    /** Sets a variable for the runners that are started from now on. */
    RunnerStage with(String variable, Object value) {
        runners.with(variable, value);
        return this;
    }

    /** Starts a runner and waits until it is ready. */
    AppProcess runner(String name) {
        return runners.start(name, stanza, READINESS);
    }

    /** Starts a runner of another pool and waits until it is ready. */
    AppProcess runnerOfPool(String name, String pool) {
        return runners.start(name, pool, READINESS);
    }

    /** Starts a runner that is not expected to become ready. */
    AppProcess ailingRunner(String name) {
        return runners.start(name, stanza, LIVENESS);
    }

    /** Everything that a runner wrote where others may read it: its log, its state, and what the topics hold. */
    String everythingSaidBy(String name) {
        return runners.logOf(name) + log.events() + runsOf(name).text();
    }

    /** What runs, is locked or lies about on this host on behalf of a runner. */
    Leftovers leftoversOf(String name) {
        return Leftovers.of(
                List.of(folder.toString(), repository.configuration().toString()),
                repository.lockPath(),
                runsOf(name).folders());
    }

    /** A small disk under the spool of asynchronous archiving. */
    SmallDisk spoolDisk() {
        return SmallDisk.mountedOn(repository.spoolPath(), 1, repository.repositoryOwner());
    }

    /** The disk of the repository, on a stage that has one. */
    SmallDisk repositoryDisk() {
        return Objects.requireNonNull(repositoryDisk);
    }

    /** A small disk under the folder of a runner that is started later. */
    SmallDisk stateDisk(String name) {
        Path state = runners.state(name);
        try {
            Files.createDirectories(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String owner = Command.output(List.of("stat", "--format=%u:%g", folder.toString()));
        return SmallDisk.mountedOn(state, 16, owner.strip());
    }

    /** Begins with a repository that holds no backup. */
    void emptyRepository() {
        repository.run("stop");
        repository.run("--force", "stanza-delete");
        repository.run("start");
        repository.stanzaCreate();
    }

    /** Ends the runners, mends what a test broke, and forgets variables and calls. */
    void reset() {
        gate.open();
        runners.end();
        mend();
    }

    /** Mends what a test broke or held, and forgets calls. The runners go on. */
    void mend() {
        gate.mend();
        sabotage.mend();
    }

    @Override
    public void close() {
        gate.open();
        runners.end();
        log.close();
        cluster.close();
        if (repositoryDisk != null) {
            repositoryDisk.close();
        }
        repository.close();
        Command.output(List.of("rm", "-rf", folder.toString()));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("holdfast-runner-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
