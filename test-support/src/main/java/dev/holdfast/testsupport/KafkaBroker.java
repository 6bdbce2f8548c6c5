package dev.holdfast.testsupport;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A real Kafka broker in a container. Tests of one JVM share one broker and tell their events apart by stanza; a test
 * that stops or pauses its broker takes its own.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final String IMAGE = "apache/kafka:4.2.1";
    private static final int CLIENT_PORT = 9092;
    // a second or two, but not on a machine that builds at the same time
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(5);

    private static @Nullable KafkaBroker shared;

    /** As Testcontainers' own, but for 126: the engine that puts the script there may still have it open ("text file busy"). */
    private static final String COMMAND = """
            script=/tmp/testcontainers_start.sh
            until [ -f $script ]; do sleep 0.1; done
            $script
            while [ $? -eq 126 ]; do sleep 0.1; $script; done""";

    private final KafkaContainer container;
    private final Runnable atExit = this::stop;

    private KafkaBroker(KafkaContainer container) {
        this.container = container;
    }

    /**
     * The broker that the tests of this JVM share, started when first asked for. Nobody closes it.
     *
     * @throws IllegalStateException if there is no container engine or no image
     */
    public static synchronized KafkaBroker shared() {
        if (shared == null) {
            shared = ownBroker();
        }
        return shared;
    }

    /**
     * A broker for one test alone, which closes it.
     *
     * @throws IllegalStateException if there is no container engine or no image
     */
    public static KafkaBroker ownBroker() {
        return ownBrokerAt(FreePorts.next());
    }

    /**
     * As {@link #ownBroker}, at an address that a test knows before the broker is there.
     *
     * @param port on loopback; the broker keeps it over {@link #crash} and {@link #startAgain}
     */
    public static KafkaBroker ownBrokerAt(int port) {
        TestContainers.require(IMAGE);
        KafkaContainer container = new KafkaContainer(IMAGE)
                .withCommand("sh", "-c", COMMAND)
                .withLabels(TestContainers.labels())
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withPortBindings(new PortBinding(
                                Ports.Binding.bindIpAndPort("127.0.0.1", port), new ExposedPort(CLIENT_PORT))))
                .withStartupTimeout(STARTED_WITHIN)
                // the internal topics' usual 50 partitions each would cost every test their creation
                .withEnv(Map.of(
                        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4",
                        "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4",
                        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
                        "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"));
        KafkaBroker broker = new KafkaBroker(container);
        Cleanup.atExit(broker.atExit);
        container.start();
        return broker;
    }

    /** Its address, as in Kafka's {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    /**
     * How clients reach it.
     *
     * @param registryUrl a registry's URL, for example {@link SchemaRegistryProcess#url()} or {@code mock://scope}
     */
    public KafkaConnection connection(String registryUrl) {
        return new KafkaConnection(bootstrapServers(), registryUrl, Map.of());
    }

    /** Kills the broker, as a power cut does. Clients find nobody at its address until {@link #startAgain}. */
    public void crash() {
        DockerClientFactory.instance()
                .client()
                .killContainerCmd(container.getContainerId())
                .exec();
    }

    /** Starts it after {@link #crash}, with what its disk holds. Returns when it answers. */
    public void startAgain() {
        DockerClientFactory.instance()
                .client()
                .startContainerCmd(container.getContainerId())
                .exec();
        Awaitility.await("the broker answers again")
                .atMost(STARTED_WITHIN)
                .ignoreExceptions()
                .until(this::answers);
    }

    private boolean answers() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            return !admin.describeCluster().nodes().get().isEmpty();
        }
    }

    /** Freezes the broker: connections stay open and nothing answers, like a network that swallows everything. */
    public void pause() {
        DockerClientFactory.instance()
                .client()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** Ends {@link #pause}. */
    public void unpause() {
        DockerClientFactory.instance()
                .client()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** Stops and removes it. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        stop();
    }

    private void stop() {
        container.stop();
    }
}
