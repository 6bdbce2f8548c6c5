package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;

/**
 * One stanza of a real cluster, and the packaged runner that serves it against a real Kafka and registry.
 *
 * <p>pgBackRest is called through a gate that can hold a backup before it begins or after it has ended, so that a runner
 * can be killed at a chosen point.
 */
final class RunnerStage implements AutoCloseable {

    private final KafkaBroker broker;
    private final SchemaRegistryProcess registry = SchemaRegistryProcess.shared();
    private final EventLog log;
    private final String stanza = "s" + UUID.randomUUID().toString().substring(0, 8);
    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<AppProcess> runners = new ArrayList<>();

    private RunnerStage(KafkaBroker broker, Map<String, String> options) {
        this.broker = broker;
        this.log = EventLog.open(broker.connection(registry.url()));
        this.cluster = PostgresCluster.builder().archiving().start();
        this.repository = PgBackRestRepository.configured(cluster, stanza, options);
        this.folder = temporaryFolder();
        writeGate();
    }

    /** A stage on the shared broker, its stanza created. */
    static RunnerStage open() {
        return open(KafkaBroker.shared(), Map.of());
    }

    /** A stage with further options of {@code [global]}, its stanza created. */
    static RunnerStage open(KafkaBroker broker, Map<String, String> options) {
        RunnerStage stage = withoutStanza(broker, options);
        stage.repository.stanzaCreate();
        return stage;
    }

    /** A stage whose stanza is configured, but not created. */
    static RunnerStage withoutStanza(KafkaBroker broker, Map<String, String> options) {
        return new RunnerStage(broker, options);
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

    private AppProcess startRunner(String instance, String pool, boolean ready) {
        int port = FreePorts.next();
        AppProcess.Builder builder = AppProcess.of("runner-service")
                .env("HOLDFAST_KAFKA", broker.bootstrapServers())
                .env("HOLDFAST_REGISTRY", registry.url())
                .env("HOLDFAST_RUNNER_PORT", port)
                .env("HOLDFAST_INSTANCE", instance)
                .env("HOLDFAST_RUNNER_POOL", pool)
                .env("HOLDFAST_RUNNER_STANZAS", stanza)
                .env("HOLDFAST_PGBACKREST", gate())
                .env("HOLDFAST_PGBACKREST_CONFIG", repository.configuration())
                .env("HOLDFAST_RUNNER_STATE", folder.resolve("state-" + instance))
                .logTo(folder.resolve(instance + ".log"));
        environment.forEach(builder::env);
        String health = "http://127.0.0.1:%d/actuator/health/".formatted(port);
        AppProcess runner =
                builder.readyAt(health + (ready ? "readiness" : "liveness")).start();
        runners.add(runner);
        return runner;
    }

    /** Starts a runner of another pool. */
    AppProcess runnerOfPool(String instance, String pool) {
        return startRunner(instance, pool, true);
    }

    /** Writes the request and the claim of a runner that has died since, without a trace on any host. */
    void claimInTheNameOf(String instance, BackupRequested request) {
        RecordMetadata written = log.publish(request);
        Headers headers = new RecordHeaders();
        ProducerRecord<String, SpecificRecord> claim = EventRecords.of(
                Events.backupStarted(stanza, request.getRequestId())
                        .setRunner(instance)
                        .build(),
                Causation.by(request, headers));
        claim.headers()
                .add(
                        Source.HEADER,
                        new Source(written.partition(), written.offset()).text().getBytes(StandardCharsets.UTF_8));
        try (var producer = new KafkaProducer<String, SpecificRecord>(
                broker.connection(registry.url()).producer("stage"))) {
            producer.send(claim).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the run that an instance has written down has ended, whoever ended it. */
    void awaitRunEnded(String instance) {
        Awaitility.await("the end of the run")
                .atMost(Duration.ofSeconds(90))
                .until(() -> filesUnder(stateOf(instance).resolve("runs")).stream()
                        .anyMatch(file -> file.getFileName().toString().equals("exit")));
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
        cluster.sql("create table t as select generate_series(1, 5000) as n; checkpoint");
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
    String logOf(String instance) {
        try {
            return Files.readString(folder.resolve(instance + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets no backup begin until {@link #letBegin}. */
    void holdBeforeBackup() {
        touch("hold-before");
    }

    /** Lets held backups begin. */
    void letBegin() {
        remove("hold-before");
    }

    /** Lets no backup command return until {@link #letEnd}, although the backup is made. */
    void holdAfterBackup() {
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

    /** Asserts that the request ended once, with one backup in the repository. */
    BackupCompleted assertOneBackup(UUID requestId) {
        BackupCompleted completed = awaitCompleted(requestId);
        // a second fact would be written before a later request of the stanza ends
        UUID later = publish(request().setType(BackupType.INCR).build());
        awaitCompleted(later);
        assertThat(endingsOf(requestId)).as("terminal facts").hasSize(1);
        assertThat(repository.info().split(requestId.toString(), -1).length - 1)
                .as("backups of the request in the repository")
                .isEqualTo(1);
        assertThat(repository.labels()).contains(completed.getLabel());
        return completed;
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

    Path stateOf(String instance) {
        return folder.resolve("state-" + instance);
    }

    @Override
    public void close() {
        letBegin();
        letEnd();
        runners.forEach(AppProcess::close);
        log.close();
        repository.close();
        cluster.close();
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
                  *) exec %s "$@" ;;
                esac
                """.formatted(folder, repository.executable(), repository.executable());
        try {
            Files.writeString(gate(), script);
            Files.setPosixFilePermissions(gate(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFile(String name) {
        Awaitility.await(name).atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve(name)));
    }

    private void touch(String name) {
        try {
            Files.writeString(folder.resolve(name), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
