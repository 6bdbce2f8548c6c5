package dev.holdfast.runner;

import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.intake.LogFollower;
import dev.holdfast.runner.intake.Reception;
import dev.holdfast.runner.intake.RequestIntake;
import dev.holdfast.runner.pgbackrest.PgbackrestRoom;
import dev.holdfast.runner.pgbackrest.ToolTrouble;
import dev.holdfast.runner.publish.Announcer;
import dev.holdfast.runner.publish.FactLog;
import dev.holdfast.runner.publish.Signature;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what a start needs and reaches nothing, so that the JVM can write its AOT cache ({@code -XX:AOTCacheOutput}). */
final class Training implements Reception {

    private static final Logger LOGGER = LoggerFactory.getLogger(Training.class);
    private static final String NAME = "training";

    private Training() {}

    /**
     * Touches the web server, which runs on the port, the Kafka clients, which need no broker to be made, and what a first request and a
     * first look at a repository need.
     */
    static void run(RunnerSettings settings, int port) {
        ask(port, "/actuator/health/readiness");
        ask(port, "/actuator/prometheus");
        loadOwnClasses();
        lookAtTheContract(port);
        KafkaConnection nowhere = new KafkaConnection("127.0.0.1:1", "mock://" + NAME, Map.of());
        writeAndReadAnEvent(nowhere);
        lookAtARepository(settings);
        try (FactLog log = new FactLog(nowhere, NAME);
                RequestIntake intake = new RequestIntake(nowhere, NAME, NAME, Set.of(NAME), new Training());
                LogFollower follower = new LogFollower(nowhere, NAME, new RequestMemory(), Clock.systemUTC())) {
            LOGGER.atInfo()
                    .addKeyValue("clients", Set.of(log, intake, follower).size())
                    .log("trained");
        }
    }

    /** What a runner meets only with a broker, and with trouble, is loaded from the cache too. */
    private static void loadOwnClasses() {
        Path jar = Path.of(URI.create(Training.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        try (JarFile classes = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) classes.stream()::iterator) {
                if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
                    String name = entry.getName().replaceAll("\\.class$", "").replace('/', '.');
                    Class.forName(name, false, Training.class.getClassLoader());
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("the runner's own classes cannot be loaded from " + jar, e);
        }
    }

    /** Up to the refusals: no broker answers, and in the registry's place this runner itself, which knows no schemas. */
    private static void lookAtTheContract(int port) {
        KafkaConnection refusing = new KafkaConnection(
                "127.0.0.1:1",
                "http://127.0.0.1:%d".formatted(port),
                Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "400"));
        ContractProvisioner provisioner = new ContractProvisioner(refusing);
        beRefused(provisioner::provisionTopics);
        beRefused(provisioner::provisionSubjects);
        beRefused(() -> writeAndReadAnEvent(refusing));
    }

    private static void beRefused(Runnable look) {
        try {
            look.run();
        } catch (KafkaException | IllegalStateException e) {
            LOGGER.atInfo()
                    .addKeyValue("refusal", String.valueOf(e.getMessage()))
                    .log("refused, as it should be");
            return;
        }
        throw new IllegalStateException("somebody answers where nobody should");
    }

    private static void writeAndReadAnEvent(KafkaConnection nowhere) {
        Signature signature = new Signature(NAME, NAME, NAME, Clock.systemUTC());
        String topic = Topic.RUNNERS.wireName();
        try (AvroWireSerializer serializer = new AvroWireSerializer();
                EventDecoder decoder = new EventDecoder(nowhere)) {
            serializer.configure(nowhere.serde(), false);
            byte[] bytes = serializer.serialize(topic, Announcer.eventOf(signature, List.of(NAME), 1, Map.of()));
            LOGGER.atInfo().addKeyValue("event", decoder.decode(topic, bytes)).log("written and read");
        }
    }

    /** With a program in pgBackRest's place that says nothing: this host may not have it, or have no repository. */
    private static void lookAtARepository(RunnerSettings settings) {
        PgbackrestRoom room = new PgbackrestRoom(
                "true", settings.config(), settings.state(), settings.lease(), settings.progressEvery(), Map.of());
        try {
            LOGGER.atInfo().addKeyValue("info", room.repositories().info(NAME)).log("looked at");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ToolTrouble e) {
            LOGGER.atInfo().addKeyValue("error", String.valueOf(e.getMessage())).log("looked at, and seen nothing");
        }
    }

    private static void ask(int port, String path) {
        try {
            URI address = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            LOGGER.atInfo()
                    .addKeyValue("path", path)
                    .addKeyValue("status", connection.getResponseCode())
                    .log("asked");
            try (InputStream answer = connection.getErrorStream()) {
                LOGGER.atDebug().addKeyValue("present", answer != null).log("answered");
            }
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("the web server was not trained");
        }
    }

    @Override
    public void accept(BackupRequest request, Ticket ticket) {
        throw new IllegalStateException("nothing is delivered during training");
    }

    @Override
    public void refuse(RequestHead head, String reason, Ticket ticket) {
        throw new IllegalStateException("nothing is delivered during training");
    }
}
