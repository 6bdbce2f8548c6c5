package dev.holdfast.runner;

import dev.holdfast.schemas.KafkaConnection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runner as a process. */
@Factory
public final class RunnerApplication {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunnerApplication.class);
    private static final int USAGE = 2;

    /** Load what a start needs, reach nothing, end. */
    private static final String TRAIN = "train";

    /** Four Kafka clients have some thousand metrics: nobody asks the runner for them by JMX, or by the broker. */
    private static final Map<String, String> FRUGAL = Map.of("metric.reporters", "", "enable.metrics.push", "false");

    private final Map<String, String> environment = System.getenv();

    /** Starts it; wrong settings end it with status 2 and a message that names the variable. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(InitCommand.NAME)) {
            List<String> rest = List.of(arguments).subList(1, arguments.length);
            System.exit(new InitCommand(System.getenv(), System.out).run(rest));
        }
        RunnerSettings settings;
        StateFolder state;
        try {
            settings = RunnerSettings.from(System.getenv());
            state = StateFolder.take(settings.state());
        } catch (IllegalArgumentException e) {
            LOGGER.atError().log("the runner cannot start: {}", e.getMessage());
            System.exit(USAGE);
            return;
        }
        ApplicationContext context = Micronaut.build(arguments)
                .mainClass(RunnerApplication.class)
                .banner(false)
                // it is held for as long as the context lives
                .singletons(state)
                .properties(Map.of(
                        "micronaut.server.host",
                        settings.bind(),
                        "micronaut.server.port",
                        settings.port() == 0 ? -1 : settings.port()))
                .start();
        if (List.of(arguments).equals(List.of(TRAIN))) {
            Training.run(context);
            context.close();
            System.exit(0);
        }
    }

    @Singleton
    RunnerSettings settings() {
        return RunnerSettings.from(environment);
    }

    @Singleton
    @Bean(preDestroy = "close")
    Runner runner(RunnerSettings settings) {
        return new Runner(settings, KafkaConnection.from(environment).withDefaults(FRUGAL), environment);
    }

    @Singleton
    ApplicationEventListener<ServerStartupEvent> begin(Runner runner) {
        return event -> runner.start();
    }
}
