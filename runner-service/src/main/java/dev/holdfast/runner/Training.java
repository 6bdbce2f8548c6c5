package dev.holdfast.runner;

import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.intake.LogFollower;
import dev.holdfast.runner.intake.Reception;
import dev.holdfast.runner.intake.RequestIntake;
import dev.holdfast.runner.publish.FactLog;
import dev.holdfast.schemas.KafkaConnection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what a start needs and reaches nothing, so that the JVM can write its AOT cache ({@code -XX:AOTCacheOutput}). */
final class Training implements Reception {

    private static final Logger LOGGER = LoggerFactory.getLogger(Training.class);
    private static final String NAME = "training";

    private Training() {}

    /** Touches the web server, which runs, and the Kafka clients, which need no broker to be made. */
    static void run(ApplicationContext context) {
        askForHealth(context.getBean(EmbeddedServer.class));
        KafkaConnection nowhere = new KafkaConnection("127.0.0.1:1", "mock://" + NAME, Map.of());
        try (FactLog log = new FactLog(nowhere, NAME);
                RequestIntake intake = new RequestIntake(nowhere, NAME, NAME, Set.of(NAME), new Training());
                LogFollower follower = new LogFollower(nowhere, NAME, new RequestMemory(), Clock.systemUTC())) {
            LOGGER.atInfo()
                    .addKeyValue("clients", Set.of(log, intake, follower).size())
                    .log("trained");
        }
    }

    private static void askForHealth(EmbeddedServer server) {
        try {
            URI health = new URI(server.getURI() + "/actuator/health/readiness");
            HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
            LOGGER.atInfo().addKeyValue("status", connection.getResponseCode()).log("asked for health");
            try (InputStream answer = connection.getErrorStream()) {
                LOGGER.atDebug().addKeyValue("present", answer != null).log("answered");
            }
        } catch (IOException | URISyntaxException e) {
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
