package dev.holdfast.cli.kafka;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Looks at Kafka without leaving anything there. */
public final class BrokerProbe {

    private static final int SECONDS = 10;

    private BrokerProbe() {}

    /**
     * What Kafka is.
     *
     * @param brokers how many form it
     * @param missingTopics topics of the contract that are not there yet
     */
    public record Kafka(int brokers, List<String> missingTopics) {

        /** Copies the topics. */
        public Kafka {
            missingTopics = List.copyOf(missingTopics);
        }
    }

    /**
     * Asks it.
     *
     * @throws CommandFailure if it or the schema registry cannot be reached
     */
    public static Kafka ask(KafkaConnection connection) {
        Reachability.check(connection);
        Map<String, Object> settings = new HashMap<>(connection.common());
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(SECONDS * 1000));
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(SECONDS * 1000 / 2));
        try (Admin admin = Admin.create(settings)) {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .size();
            Set<String> existing = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
            return new Kafka(
                    brokers,
                    Arrays.stream(Topic.values())
                            .map(Topic::wireName)
                            .filter(topic -> !existing.contains(topic))
                            .toList());
        } catch (ExecutionException e) {
            throw unreachable(
                    connection,
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw unreachable(connection, "no answer within %d s".formatted(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(connection, "interrupted");
        }
    }

    private static CommandFailure unreachable(KafkaConnection connection, String why) {
        return CommandFailure.unreachable(
                "Kafka",
                String.valueOf(connection.common().get("bootstrap.servers")),
                why,
                "Something takes connections there, but does not speak as Kafka does: is that its address, and with or without TLS?");
    }
}
