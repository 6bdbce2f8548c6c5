package dev.holdfast.runner;

import dev.holdfast.runner.backup.BackupEngine;
import dev.holdfast.runner.backup.BackupOutcome.Completed;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.backup.RequestServer;
import dev.holdfast.runner.backup.Run;
import dev.holdfast.runner.backup.RunLoop;
import dev.holdfast.runner.backup.ServingTerms;
import dev.holdfast.runner.backup.StanzaChecker;
import dev.holdfast.runner.intake.LogFollower;
import dev.holdfast.runner.intake.RequestIntake;
import dev.holdfast.runner.pgbackrest.PgbackrestRoom;
import dev.holdfast.runner.postgresql.PsqlPrimary;
import dev.holdfast.runner.publish.Announcer;
import dev.holdfast.runner.publish.FactLog;
import dev.holdfast.runner.publish.KafkaFacts;
import dev.holdfast.runner.publish.KafkaRepositoryFacts;
import dev.holdfast.runner.publish.Signature;
import dev.holdfast.runner.repository.Primary;
import dev.holdfast.runner.repository.RepositoryRounds;
import dev.holdfast.runner.repository.RepositoryWatch;
import dev.holdfast.runner.repository.StanzaChecks;
import dev.holdfast.runner.web.Condition;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rooms of the runner, wired, and the order in which they come to life: first the contract, then the memory, then what
 * an earlier life left, and only then the requests.
 */
final class Runner implements Condition, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Runner.class);
    private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(30);
    private static final Duration PROVISION_PAUSE = Duration.ofSeconds(2);
    /** Kafka answers twice a second while it lives; a broker that is busy or a leader that moves may be late. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final RunnerSettings settings;
    private final KafkaConnection connection;
    private final Clock clock = Clock.systemUTC();
    private final PgbackrestRoom pgbackrest;
    private final Primary primary;
    private final BackupEngine engine;
    private final RequestMemory memory = new RequestMemory();
    private final Thread life = Thread.ofVirtual().name("runner").unstarted(this::live);
    private @Nullable Work work;
    private volatile String waitingFor = "it has just started";

    /** What exists while Kafka can be reached. */
    private record Work(
            FactLog log,
            LogFollower follower,
            RequestDesk desk,
            RequestIntake intake,
            KafkaFacts facts,
            Announcer announcer,
            RepositoryWatch watch,
            RepositoryRounds rounds)
            implements AutoCloseable {

        @Override
        public void close() {
            rounds.close();
            intake.close();
            desk.close();
            follower.close();
            log.close();
        }
    }

    Runner(RunnerSettings settings, KafkaConnection connection, Map<String, String> environment) {
        this.settings = settings;
        this.connection = connection;
        this.pgbackrest = new PgbackrestRoom(
                settings.pgbackrest(),
                settings.config(),
                settings.state(),
                settings.lease(),
                settings.progressEvery(),
                environment);
        this.primary = new PsqlPrimary(pgbackrest::configured, settings.markerTable());
        this.engine = pgbackrest.engine(primary::showsRunningBackup);
    }

    /** Begins to serve, in the background. */
    void start() {
        life.start();
    }

    @Override
    public Map<String, String> obstacles() {
        Map<String, String> obstacles = new LinkedHashMap<>();
        Work now = current();
        if (!waitingFor.isEmpty()) {
            obstacles.put("kafka", waitingFor);
        } else if (now != null && !now.intake().isJoined()) {
            obstacles.put("kafka", "the consumer group has not assigned its partitions yet");
        } else if (now != null && now.follower().silence().compareTo(SILENCE) > 0) {
            obstacles.put(
                    "kafka",
                    "nothing has been read for %d seconds, because Kafka at %s does not answer or the registry at %s does not; what runs goes on, its facts wait on this host's disk"
                            .formatted(
                                    now.follower().silence().toSeconds(),
                                    connection.bootstrapServers(),
                                    connection.registry()));
        }
        pgbackrest
                .trouble()
                .ifPresent(trouble -> obstacles.put("pgbackrest", trouble.message() + ". " + trouble.hint()));
        return obstacles;
    }

    /** A repository that cannot be read is in the log too; a backup into it is tried, and says what it meets. */
    @Override
    public Map<String, String> remarks() {
        Work now = current();
        return now == null ? Map.of() : now.watch().troubles();
    }

    private void live() {
        List<Run> unfinished = engine.unfinished();
        Thread keeper = Thread.ofVirtual().name("keeper").start(() -> keepAlive(unfinished));
        try {
            provision();
            Work now = assemble();
            now.follower().start();
            waitingFor = "the log of the last days is being read";
            now.follower().awaitCaughtUp();
            now.facts().catchUp();
            // only the memory of a log that has been read knows whose these runs are
            unfinished.forEach(now.desk()::resume);
            keeper.interrupt();
            now.intake().start();
            now.rounds().start();
            waitingFor = "";
            LOGGER.atInfo().addKeyValue("stanzas", settings.stanzas()).log("the runner serves");
            while (true) {
                now.announcer().announce();
                TimeUnit.MILLISECONDS.sleep(ANNOUNCE_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().log("the runner ends");
        } catch (RuntimeException e) {
            waitingFor =
                    "the runner could not begin: %s; restart it when the cause is removed".formatted(e.getMessage());
            LOGGER.atError().setCause(e).log("the runner could not begin");
        } finally {
            keeper.interrupt();
        }
    }

    /** Runs of an earlier life go on, however long Kafka is away, until their stanza's lane looks after them. */
    private void keepAlive(List<Run> unfinished) {
        try {
            while (true) {
                unfinished.forEach(engine::keepAlive);
                TimeUnit.MILLISECONDS.sleep(settings.progressEvery().toMillis());
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().log("runs of an earlier life are looked after now");
        }
    }

    private void provision() throws InterruptedException {
        while (true) {
            try {
                waitingFor = "topics and schemas are being looked at";
                new ContractProvisioner(connection).provision();
                return;
            } catch (RuntimeException e) {
                waitingFor = "Kafka at %s or the registry at %s: %s"
                        .formatted(connection.bootstrapServers(), connection.registry(), e.getMessage());
                LOGGER.atWarn()
                        .addKeyValue("error", waitingFor)
                        .log("topics and schemas are not there yet; trying again");
                TimeUnit.MILLISECONDS.sleep(PROVISION_PAUSE.toMillis());
            }
        }
    }

    private Work assemble() {
        String version = String.valueOf(Runner.class.getPackage().getImplementationVersion());
        Signature signature = new Signature(settings.instance(), settings.pool(), version, clock);
        FactLog log = new FactLog(connection, "holdfast-runner-" + settings.instance());
        KafkaFacts facts =
                new KafkaFacts(log, signature, memory, settings.state().resolve("spool"));
        ServingTerms terms = new ServingTerms(
                settings.instance(),
                settings.lockWait(),
                settings.lease(),
                settings.timeLimit(),
                settings.timeLimits());
        StanzaChecks checks = new StanzaChecks(
                pgbackrest.checker(clock), settings.state().resolve("checks"), settings.checkEvery(), clock);
        StanzaChecker afterFailure = settings.checkAfterFailure() ? checks : (stanza, beat) -> Optional.empty();
        RunLoop runs = new RunLoop(memory, engine, facts, terms, clock, afterFailure, settings.maxConcurrent());
        LogFollower follower = new LogFollower(connection, "holdfast-runner-log-" + settings.instance(), memory, clock);
        RequestServer server =
                new RequestServer(memory, follower, engine, facts, runs, terms, clock, signature::newEventId);
        RepositoryWatch watch = new RepositoryWatch(
                pgbackrest.repositories(),
                primary,
                new KafkaRepositoryFacts(log, signature, settings.observeEvery(), checks::last),
                settings.state().resolve("known-backups"),
                settings.markEvery(),
                clock);
        RequestDesk desk = new RequestDesk(server, completed -> afterwards(watch, completed));
        RequestIntake intake = new RequestIntake(
                connection,
                settings.pool(),
                "holdfast-runner-requests-" + settings.instance(),
                Set.copyOf(settings.stanzas()),
                desk);
        Announcer announcer = new Announcer(
                log,
                signature,
                settings.stanzas(),
                settings.maxConcurrent(),
                () -> Map.of("holdfast", version, "pgbackrest", pgbackrest.version()));
        Work assembled = new Work(
                log,
                follower,
                desk,
                intake,
                facts,
                announcer,
                watch,
                new RepositoryRounds(settings.stanzas(), settings.observeEvery(), watch, checks));
        keep(assembled);
        return assembled;
    }

    /** A boundary that a proof can aim at, and the state of the repository as the backup and its expiry left it. */
    private static void afterwards(RepositoryWatch watch, Completed completed) throws InterruptedException {
        String stanza = completed.request().stanza();
        watch.mark(stanza, completed.set().label(), completed.request().id());
        watch.look(stanza);
    }

    private synchronized void keep(Work assembled) {
        work = assembled;
    }

    private synchronized @Nullable Work current() {
        return work;
    }

    /** Stops taking up work. A backup that runs goes on under its lease; the next start adopts it. */
    @Override
    public void close() {
        life.interrupt();
        Work now = current();
        if (now != null) {
            now.close();
        }
    }
}
