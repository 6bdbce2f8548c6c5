package dev.holdfast.runner;

import dev.holdfast.runner.web.HealthServer;
import dev.holdfast.runner.web.Metrics;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runner as a process: its rooms, and the little server that says how it is. */
public final class RunnerApplication implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunnerApplication.class);
    private static final int USAGE = 2;

    /** Load what a start needs, reach nothing, end. */
    private static final String TRAIN = "train";

    /** Four Kafka clients have some thousand metrics: nobody asks the runner for them by JMX, or by the broker. */
    private static final Map<String, String> FRUGAL = Map.of("metric.reporters", "", "enable.metrics.push", "false");

    private final RunnerSettings settings;
    /** Held for as long as the process lives. */
    private final StateFolder state;

    private final Runner runner;
    private final Metrics metrics = new Metrics();
    private final HealthServer web;

    private RunnerApplication(RunnerSettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.state = StateFolder.take(settings.state());
        this.runner = new Runner(settings, KafkaConnection.from(environment).withDefaults(FRUGAL), environment);
        this.web = webOf(settings, runner, metrics);
    }

    /** Starts it; wrong settings end it with status 2 and a message that names the variable. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(InitCommand.NAME)) {
            List<String> rest = List.of(arguments).subList(1, arguments.length);
            System.exit(new InitCommand(System.getenv(), System.out).run(rest));
        }
        RunnerApplication application;
        try {
            application = new RunnerApplication(RunnerSettings.from(System.getenv()), System.getenv());
        } catch (IllegalArgumentException e) {
            LOGGER.atError().log("the runner cannot start: {}", e.getMessage());
            System.exit(USAGE);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(application::close, "end"));
        application.start();
        if (List.of(arguments).equals(List.of(TRAIN))) {
            System.exit(trained(application));
        }
    }

    /** The status to end with: the web server's thread would keep a training alive that has failed. */
    private static int trained(RunnerApplication application) {
        try {
            Training.run(application.settings, application.web.port());
            return 0;
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("the training failed");
            return 1;
        }
    }

    private static HealthServer webOf(RunnerSettings settings, Runner runner, Metrics metrics) {
        InetSocketAddress address = new InetSocketAddress(settings.bind(), settings.port());
        try {
            if (address.isUnresolved()) {
                throw new UnknownHostException("no such host is known");
            }
            return new HealthServer(address, runner, metrics);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot listen on %s, port %d, for health and metrics (%s): set HOLDFAST_BIND to an address of this host and HOLDFAST_RUNNER_PORT to a port that is free"
                            .formatted(settings.bind(), settings.port(), e.getMessage()),
                    e);
        }
    }

    private void start() {
        web.start();
        runner.start();
        LOGGER.atInfo()
                .addKeyValue("address", settings.bind())
                .addKeyValue("port", web.port())
                .addKeyValue("state", state.path())
                .log("the runner says on this port how it is");
    }

    @Override
    public void close() {
        web.close();
        runner.close();
        metrics.close();
    }
}
