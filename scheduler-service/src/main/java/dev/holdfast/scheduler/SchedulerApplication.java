package dev.holdfast.scheduler;

import dev.holdfast.scheduler.access.AccessRoom;
import dev.holdfast.scheduler.streams.WakingClients;
import dev.holdfast.scheduler.web.WebRoom;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The scheduler service. */
@SpringBootApplication(scanBasePackages = "dev.holdfast.scheduler.none")
@EnableConfigurationProperties(SchedulerSettings.class)
@Import({EngineWiring.class, BindingWiring.class, AccessRoom.class, WebRoom.class})
public class SchedulerApplication {

    private static final String BINDER = "spring.cloud.stream.kafka.binder.";
    private static final String BOOTSTRAP = "bootstrap.servers";

    /** Runs the service until the process is told to stop; whenever the clock was set back, it begins anew. */
    public static void main(String[] arguments) throws InterruptedException {
        ClockWatch watch = new ClockWatch(Clock.systemUTC(), System::nanoTime);
        while (true) {
            ConfigurableApplicationContext running =
                    application(KafkaConnection.from(System.getenv()), watch).run(arguments);
            watch.await();
            running.getBean(WakingClients.class).abandon();
            running.close();
        }
    }

    private static SpringApplication application(KafkaConnection connection, ClockWatch watch) {
        SpringApplication application = new SpringApplication(SchedulerApplication.class);
        application.setDefaultProperties(bindings(connection));
        application.addInitializers(context -> {
            context.getBeanFactory().registerSingleton("kafkaConnection", connection);
            context.getBeanFactory().registerSingleton("clockWatch", watch);
        });
        return application;
    }

    /** What Spring Cloud Stream's bindings need to know of Kafka: the same as every other client here. */
    private static Map<String, Object> bindings(KafkaConnection connection) {
        Map<String, Object> properties = new HashMap<>();
        connection.common().forEach((key, value) -> {
            if (!key.equals(BOOTSTRAP) && !key.endsWith("serializer")) {
                properties.put(BINDER + "configuration." + key, String.valueOf(value));
            }
        });
        properties.put(BINDER + "brokers", connection.bootstrapServers());
        for (String binding : new String[] {"backup-requests-out-0", "restore-test-requests-out-0"}) {
            String prefix = "spring.cloud.stream.kafka.bindings." + binding + ".producer.configuration.";
            connection.producer("scheduler-http").forEach((key, value) -> {
                // the binder's keys are bytes
                if (!key.equals("key.serializer") && !key.equals(BOOTSTRAP)) {
                    properties.put(prefix + key, String.valueOf(value));
                }
            });
        }
        return properties;
    }
}
