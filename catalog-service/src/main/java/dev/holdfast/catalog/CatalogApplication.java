package dev.holdfast.catalog;

import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Planner;
import dev.holdfast.catalog.asking.RequestLog;
import dev.holdfast.catalog.history.ProjectionWatcher;
import dev.holdfast.catalog.history.Projector;
import dev.holdfast.catalog.intake.KafkaLog;
import dev.holdfast.catalog.publish.KafkaRequests;
import dev.holdfast.catalog.store.Database;
import dev.holdfast.catalog.store.PostgresCatalog;
import dev.holdfast.catalog.store.PostgresProjection;
import dev.holdfast.catalog.traces.OtlpTraces;
import dev.holdfast.events.Producer;
import dev.holdfast.schemas.KafkaConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;

/** Starts the catalog and wires its rooms. Neither Kafka nor PostgreSQL need answer for it to start. */
@SpringBootApplication
@EnableConfigurationProperties(CatalogSettings.class)
public class CatalogApplication {

    /**
     * Runs until it is told to end.
     *
     * @param arguments none are needed: settings come from the environment
     */
    public static void main(String[] arguments) {
        SpringApplication.run(CatalogApplication.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Database database(CatalogSettings settings) {
        return new Database(
                settings.db().url(), settings.db().user(), settings.db().password());
    }

    @Bean
    DataSource queryPool(Database database, CatalogSettings settings) {
        return database.queryPool(settings.queryLimit());
    }

    @Bean
    Catalog catalog(DataSource queryPool, PlatformTransactionManager transactions) {
        return new PostgresCatalog(queryPool, transactions);
    }

    @Bean
    Planner planner(Catalog catalog, Clock clock) {
        return new Planner(catalog, clock);
    }

    @Bean
    KafkaConnection kafka(Environment environment) {
        Map<String, String> variables = new HashMap<>();
        for (String name : new String[] {"HOLDFAST_KAFKA", "HOLDFAST_REGISTRY", "HOLDFAST_KAFKA_CONFIG"}) {
            String value = environment.getProperty(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        return KafkaConnection.from(variables);
    }

    @Bean
    RequestLog requestLog(KafkaConnection kafka, Clock clock) {
        String version = Optional.ofNullable(
                        CatalogApplication.class.getPackage().getImplementationVersion())
                .orElse("development");
        return new KafkaRequests(kafka, new Producer("catalog", host(), version), clock);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host"; // a host that does not know its own name may still ask for a backup
        }
    }

    @Bean
    Projector projector(KafkaConnection kafka, Database database, CatalogSettings settings, ProjectionWatcher watcher) {
        return new Projector(
                () -> KafkaLog.open(kafka), new PostgresProjection(database, settings.eventsKept()), watcher);
    }

    /** Nothing of OpenTelemetry is loaded where nobody collects traces. */
    @Bean
    ProjectionWatcher watcher(CatalogSettings settings, Clock clock) {
        return settings.traces()
                .collector()
                .<ProjectionWatcher>map(
                        collector -> new OtlpTraces(collector, settings.traces().headersByName(), clock))
                .orElse(records -> {});
    }

    @Bean
    ProjectorThread projectorThread(Projector projector, CatalogSettings settings) {
        return new ProjectorThread(projector, settings.projector());
    }
}
