package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One stanza of a real cluster, and the packaged runner that serves it against a real Kafka and registry.
 *
 * <p>pgBackRest is called through a gate that can hold a backup before it begins or after it has ended, so that a runner
 * can be killed at a chosen point. Tests may share a stage and {@link #reset} it in between: a test's runners, their
 * names and folders are its own.
 */
final class RunnerStage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final KafkaBroker broker;
    private final SchemaRegistryProcess registry = SchemaRegistryProcess.shared();
    private final EventLog log;
    private final String stanza = "s" + UUID.randomUUID().toString().substring(0, 8);
    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<AppProcess> runners = new ArrayList<>();
    private final Map<AppProcess, Integer> ports = new HashMap<>();
    private final String configuration;
    private final String archiveCommand;
    private @Nullable SmallDisk repositoryDisk;
    private int scene;

    private RunnerStage(KafkaBroker broker, BiFunction<PostgresCluster, String, PgBackRestRepository> repositories) {
        this(broker, PostgresCluster.builder().archiving().start(), repositories);
    }

    private RunnerStage(
            KafkaBroker broker,
            PostgresCluster cluster,
            BiFunction<PostgresCluster, String, PgBackRestRepository> repositories) {
        this.broker = broker;
        this.log = EventLog.open(broker.connection(registry.url()));
        this.cluster = cluster;
        this.repository = repositories.apply(cluster, stanza);
        this.configuration = read(repository.configuration());
        this.archiveCommand = cluster.sql("show archive_command").getFirst();
        this.folder = temporaryFolder();
        writeGate();
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

    /** Changes options of pgBackRest's configuration until the stage is mended. */
    void configure(Map<String, String> options) {
        repository.configurationWith(repository.configuration().getFileName().toString(), options);
    }

    /** Everything that a runner wrote where others may read it: its log, its state, and what the topics hold. */
    String everythingSaidBy(String name) {
        StringBuilder said = new StringBuilder(logOf(name)).append(log.events());
        filesUnder(stateOf(name)).stream().filter(Files::isRegularFile).forEach(file -> said.append(read(file)));
        return said.toString();
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

    /** A small disk under the spool of asynchronous archiving. */
    SmallDisk spoolDisk() {
        return SmallDisk.mountedOn(repository.spoolPath(), 1, repository.repositoryOwner());
    }

    /** The disk of the repository, on a stage that has one. */
    SmallDisk repositoryDisk() {
        return Objects.requireNonNull(repositoryDisk);
    }

    /** Sets a variable for the runners that are started from now on. */
    RunnerStage with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** Starts a runner and waits until it is ready. */
    AppProcess runner(String instance) {
        return startRunner(instance, stanza, true);
    }

    /** Starts a runner that is not expected to become ready. */
    AppProcess ailingRunner(String instance) {
        return startRunner(instance, stanza, false);
    }

    private AppProcess startRunner(String name, String pool, boolean ready) {
        int port = FreePorts.next();
        String health = "http://127.0.0.1:%d/actuator/health/".formatted(port);
        AppProcess runner = described(name, pool, port)
                .logTo(folder.resolve(instance(name) + ".log"))
                .readyAt(health + (ready ? "readiness" : "liveness"))
                .start();
        runners.add(runner);
        ports.put(runner, port);
        return runner;
    }

    /** Starts a second process with the name and the folder of a runner, and waits for nothing. */
    AppProcess rivalOf(String name) {
        AppProcess rival = described(name, stanza, FreePorts.next()).start();
        runners.add(rival);
        return rival;
    }

    private AppProcess.Builder described(String name, String pool, int port) {
        AppProcess.Builder builder = AppProcess.of("runner-service")
                .env("HOLDFAST_KAFKA", broker.bootstrapServers())
                .env("HOLDFAST_REGISTRY", registry.url())
                .env("HOLDFAST_RUNNER_PORT", port)
                .env("HOLDFAST_INSTANCE", instance(name))
                .env("HOLDFAST_RUNNER_POOL", pool)
                .env("HOLDFAST_RUNNER_STANZAS", stanza)
                .env("HOLDFAST_PGBACKREST", gate())
                .env("HOLDFAST_PGBACKREST_CONFIG", repository.configuration())
                .env("HOLDFAST_RUNNER_STATE", stateOf(name))
                // each ends a WAL segment, at a moment of its own
                .env("HOLDFAST_RUNNER_CHECK_EVERY", "PT0S");
        environment.forEach(builder::env);
        return builder;
    }

    /** Starts a runner of another pool. */
    AppProcess runnerOfPool(String instance, String pool) {
        return startRunner(instance, pool, true);
    }

    /** Writes the request and the claim of a runner that has died since, without a trace on any host. */
    void claimInTheNameOf(String name, BackupRequested request) {
        RecordMetadata written = log.publish(request);
        Headers headers = new RecordHeaders();
        ProducerRecord<String, SpecificRecord> claim = EventRecords.of(
                Events.backupStarted(stanza, request.getRequestId())
                        .setRunner(name)
                        .build(),
                Causation.by(request, headers));
        claim.headers()
                .add(
                        Source.HEADER,
                        new Source(written.partition(), written.offset()).text().getBytes(StandardCharsets.UTF_8));
        send(claim);
    }

    /** Waits until the run that an instance has written down has ended, whoever ended it. */
    void awaitRunEnded(String name) {
        Awaitility.await("the end of the run")
                .atMost(PATIENCE)
                .until(() -> filesUnder(stateOf(name).resolve("runs")).stream()
                        .anyMatch(file -> file.getFileName().toString().equals("exit")));
    }

    /** Waits until an instance has forgotten every run that it had written down. */
    void awaitNoRuns(String name) {
        Awaitility.await("no runs")
                .atMost(PATIENCE)
                .until(() -> filesUnder(stateOf(name).resolve("runs")).stream().noneMatch(Files::isRegularFile));
    }

    /** The process id of the supervisor of the run that an instance has written down. */
    long supervisorOf(String name) {
        return processOf(name, "supervisor");
    }

    /** The process id of the command that an instance runs, which is its process group's too. */
    long childOf(String name) {
        return processOf(name, "child");
    }

    /** The shell makes a file first and writes into it afterwards. */
    private long processOf(String name, String file) {
        return Awaitility.await(file)
                .atMost(PATIENCE)
                .until(
                        () -> filesUnder(stateOf(name).resolve("runs")).stream()
                                .filter(found -> found.endsWith(file))
                                .map(found -> read(found).strip())
                                .filter(number -> !number.isEmpty())
                                .findFirst(),
                        Optional::isPresent)
                .map(Long::parseLong)
                .orElseThrow();
    }

    /** Waits until the backup of the request that an instance runs has printed the text. */
    void awaitOutputOf(UUID requestId, String name, String text) {
        Awaitility.await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> filesUnder(stateOf(name).resolve("runs")).stream()
                        .filter(file ->
                                file.endsWith("stdout") && file.toString().contains(requestId.toString()))
                        .anyMatch(file -> read(file).contains(text)));
    }

    /** Process ids of the supervisors that look after runs of an instance. */
    List<Long> supervisorsOf(String name) {
        String state = stateOf(name).toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Stream.of(arguments)
                                .anyMatch(argument -> argument.startsWith(state) && argument.endsWith("supervise")))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Facts of an instance that wait on its disk for the broker. */
    List<Path> waitingFactsOf(String name) {
        return filesUnder(stateOf(name).resolve("spool")).stream()
                .filter(file -> file.toString().endsWith(".fact"))
                .toList();
    }

    /**
     * Kills all processes of a group as a crash does; some may be gone already.
     *
     * @return false if all were
     */
    boolean killGroup(long leader) {
        return Command.run(List.of("kill", "-s", "KILL", "--", "-" + leader), Map.of())
                        .exitCode()
                == 0;
    }

    /** Sends a signal, such as STOP, to all processes of a group. */
    void signalGroup(long leader, String signal) {
        Command.output(List.of("kill", "-s", signal, "--", "-" + leader));
    }

    /** What runs, is locked or lies about on this host on behalf of an instance. */
    Leftovers leftoversOf(String name) {
        return Leftovers.of(
                List.of(folder.toString(), repository.configuration().toString()),
                repository.lockPath(),
                List.of(stateOf(name).resolve("runs"), stateOf(name).resolve("spool")));
    }

    /** What a runner says of whether it is ready, as JSON. */
    String readinessOf(AppProcess runner) throws IOException {
        URI address = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(portOf(runner)));
        try (InputStream answer = address.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The port on which a runner of this stage answers. */
    int portOf(AppProcess runner) {
        return Objects.requireNonNull(ports.get(runner));
    }

    /** Sends a signal, such as STOP. */
    void signal(long pid, String signal) {
        Command.output(List.of("kill", "-s", signal, String.valueOf(pid)));
    }

    /** Backup calls whose process lives. */
    List<Long> livingBackupCalls() {
        try {
            return Files.readAllLines(folder.resolve("calls")).stream()
                    .map(Long::parseLong)
                    .filter(pid ->
                            ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks a page of a table and gives the file's name as pgBackRest names it. */
    String damageAPage() {
        cluster.sql("drop table if exists t; create table t as select generate_series(1, 5000) as n; checkpoint");
        String file = cluster.sql("select pg_relation_filepath('t')").getFirst();
        cluster.stop();
        repository.flipByteIn(cluster.dataDirectory().resolve(file));
        cluster.start();
        return file;
    }

    /** Takes a backup's files away, as nobody should. */
    void removeBackupFolder(String label) {
        Command.output(List.of(
                "rm",
                "-r",
                repository
                        .path()
                        .resolve("backup")
                        .resolve(stanza)
                        .resolve(label)
                        .toString()));
    }

    private static List<Path> filesUnder(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** What a runner has logged. */
    String logOf(String name) {
        return read(folder.resolve(instance(name) + ".log"));
    }

    /** The name that a runner gives itself in its events. */
    String instance(String name) {
        return name + "-" + scene;
    }

    /** Lets no backup begin until {@link #letBegin}. */
    void holdBeforeBackup() {
        remove("held-before");
        touch("hold-before");
    }

    /** Lets held backups begin. */
    void letBegin() {
        remove("hold-before");
    }

    /** Lets no backup command return until {@link #letEnd}, although the backup is made. */
    void holdAfterBackup() {
        remove("held-after");
        touch("hold-after");
    }

    /** Lets held backup commands return. */
    void letEnd() {
        remove("hold-after");
    }

    /** Waits until a backup is held before its beginning. */
    void awaitHeldBefore() {
        awaitFile("held-before");
    }

    /** Waits until a backup command is held after its end. */
    void awaitHeldAfter() {
        awaitFile("held-after");
    }

    /** Lets pgBackRest's JSON have fields that nobody knows yet, until the stage is mended. */
    void answerWithUnknownFields() {
        touch("unknown-fields");
    }

    /** How often pgBackRest was called to make a backup. */
    int backupCalls() {
        try {
            Path calls = folder.resolve("calls");
            return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for a full backup. */
    BackupRequested.Builder request() {
        return Events.backupRequested(stanza);
    }

    /** Publishes it and gives its id. */
    UUID publish(SpecificRecord request) {
        log.publish(request);
        return Envelope.of(request).requestId().orElseThrow();
    }

    BackupCompleted awaitCompleted(UUID requestId) {
        return log.await(BackupCompleted.class, event -> event.getRequestId().equals(requestId));
    }

    BackupFailed awaitFailed(UUID requestId) {
        return log.await(BackupFailed.class, event -> event.getRequestId().equals(requestId));
    }

    BackupRejected awaitRejected(UUID requestId) {
        return log.await(BackupRejected.class, event -> event.getRequestId().equals(requestId));
    }

    BackupStarted awaitStarted(UUID requestId) {
        return log.await(BackupStarted.class, event -> event.getRequestId().equals(requestId));
    }

    /** The facts that end this request: all but starts and repetitions. */
    List<SpecificRecord> endingsOf(UUID requestId) {
        return log.events().stream()
                .filter(event ->
                        Envelope.of(event).requestId().filter(requestId::equals).isPresent())
                .filter(event -> event instanceof BackupCompleted
                        || event instanceof BackupFailed
                        || (event instanceof BackupRejected rejected
                                && rejected.getRejection() != RejectionReason.DUPLICATE))
                .toList();
    }

    /**
     * Asserts that each of the requests ended once, with one backup in the repository.
     *
     * @return the completion of the first
     */
    BackupCompleted assertOneBackup(UUID... requestIds) {
        List<BackupCompleted> completions =
                Stream.of(requestIds).map(this::awaitCompleted).toList();
        // a second fact would be written before a later request of the stanza is answered, in the same lane
        awaitRejected(publish(request().setNotAfter(Instant.EPOCH).build()));
        String info = repository.info();
        for (BackupCompleted completed : completions) {
            UUID id = completed.getRequestId();
            assertThat(endingsOf(id)).as("terminal facts").hasSize(1);
            assertThat(info.split(id.toString(), -1).length - 1)
                    .as("backups of the request in the repository")
                    .isEqualTo(1);
            assertThat(info).contains("\"" + completed.getLabel() + "\"");
        }
        return completions.getFirst();
    }

    String stanza() {
        return stanza;
    }

    EventLog log() {
        return log;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    PgBackRestRepository repository() {
        return repository;
    }

    KafkaBroker broker() {
        return broker;
    }

    Path stateOf(String name) {
        return folder.resolve("state-" + instance(name));
    }

    /**
     * Ends the runners and whatever is held, mends what a test broke (the configuration file, a repository that was moved
     * away, a stop file, a cluster that was stopped), and forgets variables and calls.
     */
    void reset() {
        letBegin();
        letEnd();
        runners.forEach(AppProcess::close);
        runners.clear();
        environment.clear();
        mend();
        scene++;
    }

    /** The same, but the runners go on. */
    void mend() {
        letBegin();
        letEnd();
        List.of("calls", "held-before", "held-after", "unknown-fields").forEach(this::remove);
        write(repository.configuration(), configuration);
        bringRepositoryBack();
        Command.output(List.of("chmod", "0750", backupFolder().toString()));
        repository.run("start");
        if (!cluster.isRunning()) {
            cluster.start();
        }
        archiveWith(archiveCommand);
    }

    /** Begins a backup as an operator would, which takes a while, and returns once it holds the lock; the future has its label. */
    Future<String> backupByHand() {
        Set<String> before = Set.copyOf(repository.labels());
        CompletableFuture<String> label = CompletableFuture.supplyAsync(
                () -> {
                    repository.run("--type=full", "--compress-type=bz2", "--compress-level=9", "backup");
                    return repository.labels().stream()
                            .filter(made -> !before.contains(made))
                            .findFirst()
                            .orElseThrow();
                },
                work -> Thread.ofPlatform().start(work));
        Awaitility.await("the backup by hand holds the lock")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> label.isDone() || repository.info().contains("\"backup\":{\"held\":true"));
        return label;
    }

    /** Leaves the lock file of a pgBackRest that was killed; nobody holds the lock. */
    void leaveLockFileOfADeadProcess() {
        String file = repository.lockPath().resolve(stanza + "-backup.lock").toString();
        Command.output(DatabaseUser.as(
                List.of("sh", "-c", "echo '{\"execId\":\"4194301-00000000\",\"pid\":4194301}' >'%s'".formatted(file))));
    }

    /** Holds the lock that a backup takes, as a second pgBackRest on this host would. */
    HeldLock holdLock() {
        return HeldLock.on(repository.lockPath().resolve(stanza + "-backup.lock"));
    }

    /** Lets nobody make a backup in the repository until the stage is mended. */
    void makeBackupFolderReadOnly() {
        Command.output(List.of("chmod", "0550", backupFolder().toString()));
    }

    /** A small disk under the folder of an instance that is started later. */
    SmallDisk stateDisk(String name) {
        Path state = stateOf(name);
        try {
            Files.createDirectories(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SmallDisk.mountedOn(
                state,
                16,
                Command.output(List.of("stat", "--format=%u:%g", folder.toString()))
                        .strip());
    }

    /** Publishes a request by a producer with a clock of its own. */
    UUID publishAt(Instant recorded) {
        BackupRequested request = request().setOccurredAt(recorded).build();
        ProducerRecord<String, SpecificRecord> record = EventRecords.of(request, Causation.none());
        send(new ProducerRecord<>(
                record.topic(), null, recorded.toEpochMilli(), record.key(), record.value(), record.headers()));
        return request.getRequestId();
    }

    /** Publishes requests of stanzas that nobody here serves, as fast as Kafka takes them. */
    void publishForOthers(int number) {
        try (var producer = new KafkaProducer<String, SpecificRecord>(
                broker.connection(registry.url()).producer("others"))) {
            Future<RecordMetadata> last = producer.send(
                    EventRecords.of(Events.backupRequested("foreign").build(), Causation.none()));
            for (int i = 1; i < number; i++) {
                last = producer.send(EventRecords.of(
                        Events.backupRequested("foreign-" + i % 100).build(), Causation.none()));
            }
            last.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void send(ProducerRecord<String, SpecificRecord> record) {
        try (var producer = new KafkaProducer<String, SpecificRecord>(
                broker.connection(registry.url()).producer("stage"))) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Publishes a request that only one pool may serve. */
    UUID publishFor(String pool) {
        return publish(request().setPool(pool).build());
    }

    /** Gives the stanza's folder of backups to a user who is not the cluster's, until {@link #giveRepositoryBack}. */
    void giveRepositoryAway() {
        SmallDisk.root("chown", "-R", "nobody", backupFolder().toString());
    }

    /** Takes it back. */
    void giveRepositoryBack() {
        SmallDisk.root(
                "chown", "-R", repository.repositoryOwner(), backupFolder().toString());
    }

    /** Makes nonsense of a file in the stanza's folder of backups. */
    void spoil(String name) {
        repository.flipByteIn(backupFolder().resolve(name));
    }

    /** Leaves what a backup leaves that was made, and expired, while a clock ran ahead. */
    void rememberBackupOfTheFuture(String label) {
        Path folderOfYear = backupFolder().resolve("backup.history").resolve(label.substring(0, 4));
        Command.output(DatabaseUser.as(List.of("mkdir", "-p", folderOfYear.toString())));
        Command.output(DatabaseUser.as(
                List.of("touch", folderOfYear.resolve(label + ".manifest.gz").toString())));
    }

    /** Takes that away. */
    void forgetBackupOfTheFuture() {
        Command.output(List.of(
                "rm",
                "-r",
                backupFolder().resolve("backup.history").resolve("2099").toString()));
    }

    /** Lets pgBackRest wait so long for archiving, until the stage is mended. */
    void waitForArchivingNoLongerThanSeconds(int seconds) {
        write(
                repository.configuration(),
                read(repository.configuration()).replace("archive-timeout=60", "archive-timeout=" + seconds));
    }

    /** Lets the cluster's archiving fail, and pgBackRest wait for it for no longer than two seconds, until the stage is mended. */
    void breakArchiving() {
        // pgBackRest refuses a command that does not name it
        archiveWith("false pgbackrest");
        waitForArchivingNoLongerThanSeconds(2);
    }

    private void archiveWith(String command) {
        cluster.sql("alter system set archive_command = '%s'".formatted(command));
        cluster.sql("select pg_reload_conf()");
        Awaitility.await("archive_command in force")
                .atMost(PATIENCE)
                .until(() -> cluster.sql("show archive_command").contains(command));
    }

    private Path backupFolder() {
        return repository.path().resolve("backup").resolve(stanza);
    }

    /** Waits until pgBackRest was called to make a backup. */
    void awaitBackupCall() {
        Awaitility.await("a backup call").atMost(PATIENCE).until(() -> backupCalls() > 0);
    }

    /** Waits until the backup that an instance runs has printed the text. */
    void awaitOutput(String name, String text) {
        Awaitility.await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> filesUnder(stateOf(name).resolve("runs")).stream()
                        .filter(file -> file.getFileName().toString().equals("stdout"))
                        .anyMatch(file -> read(file).contains(text)));
    }

    /** Begins with a repository that holds no backup. */
    void emptyRepository() {
        repository.run("stop");
        repository.run("--force", "stanza-delete");
        repository.run("start");
        repository.stanzaCreate();
    }

    /** Takes the whole repository away until the stage is {@link #reset}. */
    void moveRepositoryAway() {
        Command.output(
                List.of("mv", repository.path().toString(), movedRepository().toString()));
    }

    private void bringRepositoryBack() {
        if (Files.exists(movedRepository())) {
            Command.output(List.of("rm", "-rf", repository.path().toString()));
            Command.output(List.of(
                    "mv", movedRepository().toString(), repository.path().toString()));
        }
    }

    private Path movedRepository() {
        return repository.path().resolveSibling("moved");
    }

    @Override
    public void close() {
        letBegin();
        letEnd();
        runners.forEach(AppProcess::close);
        log.close();
        cluster.close();
        if (repositoryDisk != null) {
            repositoryDisk.close();
        }
        repository.close();
        Command.output(List.of("rm", "-rf", folder.toString()));
    }

    private Path gate() {
        return folder.resolve("pgbackrest-gate");
    }

    private void writeGate() {
        String script = """
                #!/bin/sh
                # pgBackRest, but a backup can be held before it begins and after it has ended
                folder=%s
                case "$*" in
                  *" backup")
                    echo "$$" >>"$folder/calls"
                    while [ -e "$folder/hold-before" ]; do : >"$folder/held-before"; sleep 0.1; done
                    %s "$@"
                    status=$?
                    while [ -e "$folder/hold-after" ]; do : >"$folder/held-after"; sleep 0.1; done
                    exit $status
                    ;;
                  *" info")
                    [ -e "$folder/unknown-fields" ] || exec %s "$@"
                    %s "$@" | sed 's/"backup":\\[/"future":{"of":[1,{"x":null}]},&/g; s/"label":/"flavour":["new",2.5],&/g'
                    ;;
                  *) exec %s "$@" ;;
                esac
                """.formatted(
                        folder,
                        repository.executable(),
                        repository.executable(),
                        repository.executable(),
                        repository.executable());
        write(gate(), script);
        try {
            Files.setPosixFilePermissions(gate(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFile(String name) {
        Awaitility.await(name).atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
    }

    private void touch(String name) {
        write(folder.resolve(name), "");
    }

    private void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("holdfast-runner-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
