package dev.holdfast.validator;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.validator.claim.TestDesk;
import dev.holdfast.validator.claim.TestMemory;
import dev.holdfast.validator.demand.DemandFolder;
import dev.holdfast.validator.evidence.Evidence;
import dev.holdfast.validator.evidence.SigningKey;
import dev.holdfast.validator.intake.LogMirror;
import dev.holdfast.validator.intake.RequestIntake;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.postgresql.PostgreSql;
import dev.holdfast.validator.proof.RestoreProof;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.publish.Announcer;
import dev.holdfast.validator.publish.KafkaJournal;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.KubernetesEngine;
import dev.holdfast.validator.sandbox.ProcessEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * The running validator: puts the rooms together when the application starts and takes them apart when it stops.
 *
 * <p>The start goes on in the background, because Kafka may come later than this process; readiness tells when it is over.
 */
final class Validator implements SmartLifecycle, HealthIndicator {

    private static final Logger LOGGER = LoggerFactory.getLogger(Validator.class);
    private static final Duration REAP = Duration.ofMinutes(5);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final ValidatorSettings settings;
    private final KafkaConnection connection;
    private final Clock clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private volatile @Nullable RequestIntake intake;
    private volatile @Nullable Thread starter;

    Validator(ValidatorSettings settings, KafkaConnection connection, Clock clock) {
        this.settings = settings;
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public void start() {
        starter = Thread.ofPlatform().name("start").start(this::startParts);
    }

    @Override
    public void stop() {
        Thread thread = starter;
        if (thread != null) {
            thread.interrupt();
        }
        synchronized (parts) {
            while (!parts.isEmpty()) {
                close(parts.pop());
            }
        }
        intake = null;
        starter = null;
    }

    @Override
    public boolean isRunning() {
        return starter != null;
    }

    @Override
    public Health health() {
        RequestIntake running = intake;
        if (running != null && running.isRunning()) {
            return Health.up().withDetail("pool", settings.pool()).build();
        }
        String reason = Optional.ofNullable(running)
                .flatMap(RequestIntake::trouble)
                .orElseGet(() ->
                        "no requests are taken in yet; is Kafka at %s up?".formatted(connection.bootstrapServers()));
        return Health.outOfService().withDetail("reason", reason).build();
    }

    private void startParts() {
        try {
            provision();
            SigningKey key = SigningKey.in(settings.state());
            SandboxEngine engine = engine(owner(key));
            engine.removeLeftovers();
            takeIn(engine, key);
            reap(engine);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kafka and the registry may come up after this process. */
    private void provision() throws InterruptedException {
        while (true) {
            try {
                new ContractProvisioner(connection).provision();
                return;
            } catch (RuntimeException e) {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("waiting for Kafka and the schema registry");
                Thread.sleep(TRY_AGAIN);
            }
        }
    }

    /** With the key, for names are not unique: validators of two sites that share a container engine would take each other's sandboxes for their own of an earlier life. */
    private String owner(SigningKey key) {
        return "%s/%s/%.16s".formatted(settings.pool(), settings.instance(), key.id());
    }

    private void takeIn(SandboxEngine engine, SigningKey key) throws InterruptedException {
        TestMemory memory = new TestMemory();
        LogMirror mirror = part(new LogMirror(connection, memory, clock));
        mirror.start();
        KafkaJournal.Writer writer =
                new KafkaJournal.Writer(settings.pool(), settings.instance(), version(), engine.kind());
        Evidence evidence = new Evidence(key, settings.pool() + "/" + settings.instance());
        KafkaJournal journal = part(new KafkaJournal(connection, evidence, writer, clock));
        TestDesk desk = new TestDesk(
                memory, journal, proof(engine, memory), clock, settings.instance(), settings.maxConcurrent());
        RequestIntake.Member member =
                new RequestIntake.Member(settings.pool(), settings.instance(), Set.copyOf(settings.stanzas()));
        RequestIntake started = part(new RequestIntake(connection, desk, member));
        started.start();
        intake = started;
        part(new Announcer(connection, writer, settings.stanzas(), settings.maxConcurrent(), clock))
                .start();
        LOGGER.atInfo()
                .addKeyValue("pool", settings.pool())
                .addKeyValue("stanzas", settings.stanzas())
                .addKeyValue("sandbox", engine.kind())
                .log("the validator takes requests");
    }

    private RestoreProof proof(SandboxEngine engine, TestMemory memory) {
        PgBackRest backups = new PgBackRest(
                settings.configuration(),
                System.getenv(),
                settings.timeLimit(),
                settings.sandbox().cpus());
        PostgreSql database = new PostgreSql(settings.sandbox().role(), settings.timeLimit());
        RestoreProof.Limits limits = new RestoreProof.Limits(
                settings.timeLimit(),
                settings.reading().count(),
                settings.reading().verify(),
                settings.reading().verifyEvery());
        return new RestoreProof(
                new RestoreProof.Tools(engine, backups, database, new DemandFolder(settings.demands())),
                memory,
                clock,
                limits);
    }

    private SandboxEngine engine(String owner) {
        ValidatorSettings.SandboxChoice choice = settings.sandbox();
        SandboxSettings sandboxes = new SandboxSettings(
                choice.image(),
                owner,
                choice.memoryBytes(),
                choice.diskBytes(),
                choice.processes(),
                choice.cpus(),
                switch (choice.kind()) {
                    case DOCKER -> workspace -> PgBackRest.environment(DockerEngine.CONFIGURATION, workspace);
                    case KUBERNETES -> workspace -> PgBackRest.environment(KubernetesEngine.CONFIGURATION, workspace);
                    case PROCESS ->
                        workspace -> PgBackRest.environment(Path.of(ProcessEngine.configuration(workspace)), workspace);
                });
        return switch (choice.kind()) {
            case DOCKER -> new DockerEngine(docker(), sandboxes, choice.volumes(), choice.ways(), clock);
            case KUBERNETES ->
                new KubernetesEngine(part(new KubernetesClientBuilder().build()), choice.site(), sandboxes, clock);
            case PROCESS -> new ProcessEngine(Path.of(System.getProperty("java.io.tmpdir")), sandboxes);
        };
    }

    private DockerClient docker() {
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        return part(DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .maxConnections(200)
                        .connectionTimeout(Duration.ofSeconds(10))
                        .build()));
    }

    private static void reap(SandboxEngine engine) throws InterruptedException {
        while (true) {
            Thread.sleep(REAP);
            engine.removeLeftovers();
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.atWarn().setCause(e).log("a part of the validator did not stop in good order");
        }
    }

    private static String version() {
        return Optional.ofNullable(Validator.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
