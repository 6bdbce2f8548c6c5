package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Three Kafka brokers as processes on loopback, with every topic on all of them: a cluster that may lose one. */
public final class KafkaCluster implements AutoCloseable {

    private static final int SIZE = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final List<Node> nodes;
    private final Runnable atExit = this::end;

    private KafkaCluster(Path folder, List<Node> nodes) {
        this.folder = folder;
        this.nodes = nodes;
    }

    /**
     * Starts it and waits until all three answer.
     *
     * @throws IllegalStateException if the build has not put Kafka's jars under {@code deploy/local/target}
     */
    public static KafkaCluster started() {
        try {
            KafkaCluster cluster = new KafkaCluster(
                    Files.createTempDirectory("holdfast-kafka-"),
                    IntStream.rangeClosed(1, SIZE)
                            .mapToObj(id -> new Node(id, FreePorts.next(), FreePorts.next()))
                            .toList());
            Cleanup.atExit(cluster.atExit);
            cluster.format();
            IntStream.range(0, SIZE).forEach(cluster::spawn);
            cluster.awaitBrokers(SIZE);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the brokers", e);
        }
    }

    /** The addresses of all three, as in {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> "127.0.0.1:" + node.port).collect(Collectors.joining(","));
    }

    /** How many there are, running or not. */
    public int size() {
        return SIZE;
    }

    /** Kills one, as a power cut does. */
    public void kill(int index) {
        Process process = nodes.get(index).process;
        if (process != null) {
            Processes.kill(process);
            nodes.get(index).process = null;
        }
    }

    /** Starts one that was killed, with what its disk holds. Returns when all three answer and hold all records again. */
    public void start(int index) {
        spawn(index);
        awaitBrokers(SIZE);
        awaitAllInSync();
    }

    /** Ends all and forgets what they held. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        IntStream.range(0, SIZE).forEach(this::kill);
        Cleanup.delete(folder);
    }

    private void format() throws IOException {
        String id = Uuid.randomUuid().toString();
        for (Node node : nodes) {
            Files.createDirectories(home(node));
            Files.writeString(settings(node), settingsOf(node));
            List<String> command = new ArrayList<>(kafka());
            command.addAll(List.of(
                    "kafka.tools.StorageTool",
                    "format",
                    "--cluster-id",
                    id,
                    "--config",
                    settings(node).toString()));
            Command.output(command);
        }
    }

    private void spawn(int index) {
        Node node = nodes.get(index);
        List<String> command = new ArrayList<>(kafka());
        command.addAll(List.of("kafka.Kafka", settings(node).toString()));
        node.process = Processes.start(command, Map.of(), home(node), home(node).resolve("broker.log"));
    }

    private static List<String> kafka() {
        Path jars = Checkout.root().resolve("deploy/local/target/kafka/lib");
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException(
                    "no Kafka in %s. Copy it: ./mvnw -pl deploy/local process-resources".formatted(jars));
        }
        List<String> command = new ArrayList<>(JavaCommand.start("256m", jars.resolve("no-cache-fits.aot")));
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", jars + "/*"));
        return command;
    }

    private String settingsOf(Node node) {
        String voters = nodes.stream()
                .map(voter -> "%d@127.0.0.1:%d".formatted(voter.id, voter.controllerPort))
                .collect(Collectors.joining(","));
        return """
                process.roles=broker,controller
                node.id=%d
                controller.quorum.voters=%s
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                log.dirs=%s
                auto.create.topics.enable=false
                default.replication.factor=3
                min.insync.replicas=2
                offsets.topic.replication.factor=3
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=3
                transaction.state.log.min.isr=2
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=3
                share.coordinator.state.topic.min.isr=2
                group.initial.rebalance.delay.ms=0
                log.cleaner.dedupe.buffer.size=4194304
                """.formatted(
                node.id, voters, node.port, node.controllerPort, home(node).resolve("data"));
    }

    private Path home(Node node) {
        return folder.resolve("broker-" + node.id);
    }

    private Path settings(Node node) {
        return home(node).resolve("server.properties");
    }

    private void awaitBrokers(int count) {
        Awaitility.await("%d brokers".formatted(count))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> brokers() == count);
    }

    private int brokers() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeCluster().nodes().get().size();
        }
    }

    private void awaitAllInSync() {
        Awaitility.await("all replicas in sync")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(this::areAllInSync);
    }

    private boolean areAllInSync() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /** One broker. */
    private static final class Node {

        private final int id;
        private final int port;
        private final int controllerPort;
        private @Nullable Process process;

        Node(int id, int port, int controllerPort) {
            this.id = id;
            this.port = port;
            this.controllerPort = controllerPort;
        }
    }
}
