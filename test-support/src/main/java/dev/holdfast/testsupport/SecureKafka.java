package dev.holdfast.testsupport;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/**
 * A real broker that speaks TLS only, asks for a certificate, and lets each principal do what {@code deploy/kafka/acls.tsv}
 * allows: the principal of role {@code runner} is {@code User:CN=runner}, and so on.
 */
public final class SecureKafka implements AutoCloseable {

    private static final String IMAGE = "apache/kafka:4.2.1";
    private static final int CLIENT_PORT = 9092;
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(5);
    private static final String CERTIFICATES = "/tmp/certificates/";
    private static final String ADMIN = "admin";

    private final Path folder;
    private final PeerAuthority authority;
    private final int port = FreePorts.next();
    private final GenericContainer<?> container;
    private final Runnable atExit = this::stop;

    /**
     * Starts one, with the grants of the table.
     *
     * @param folder where certificates and settings are written; the caller's to remove
     */
    public SecureKafka(Path folder) {
        TestContainers.require(IMAGE);
        this.folder = folder;
        this.authority = new PeerAuthority("CN=Kafka Test CA", folder);
        this.container = new GenericContainer<>(IMAGE)
                .withLabels(TestContainers.labels())
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withPortBindings(new PortBinding(
                                Ports.Binding.bindIpAndPort("127.0.0.1", port), new ExposedPort(CLIENT_PORT))))
                .withExposedPorts(CLIENT_PORT)
                .withCopyFileToContainer(
                        MountableFile.forHostPath(keyWithCertificate("broker"), 0644), CERTIFICATES + "broker.pem")
                .withCopyFileToContainer(MountableFile.forHostPath(authority.file(), 0644), CERTIFICATES + "ca.pem")
                .withEnv(environment())
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1))
                .withStartupTimeout(STARTED_WITHIN);
        Cleanup.atExit(atExit);
        container.start();
        grant();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("CLUSTER_ID", Uuid.randomUuid().toString());
        environment.put("KAFKA_NODE_ID", "1");
        environment.put("KAFKA_PROCESS_ROLES", "broker,controller");
        environment.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9094");
        environment.put(
                "KAFKA_LISTENERS", "GUARDED://0.0.0.0:9092,BROKER://localhost:9093,CONTROLLER://localhost:9094");
        environment.put("KAFKA_ADVERTISED_LISTENERS", "GUARDED://127.0.0.1:%d,BROKER://localhost:9093".formatted(port));
        environment.put("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "GUARDED:SSL,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        environment.put("KAFKA_INTER_BROKER_LISTENER_NAME", "BROKER");
        environment.put("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
        environment.put("KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // the broker speaks to itself without a name, inside the container only
        environment.put("KAFKA_SUPER_USERS", "User:ANONYMOUS;User:CN=" + ADMIN);
        environment.put("KAFKA_SSL_CLIENT_AUTH", "required");
        environment.put("KAFKA_SSL_KEYSTORE_TYPE", "PEM");
        environment.put("KAFKA_SSL_KEYSTORE_LOCATION", CERTIFICATES + "broker.pem");
        environment.put("KAFKA_SSL_TRUSTSTORE_TYPE", "PEM");
        environment.put("KAFKA_SSL_TRUSTSTORE_LOCATION", CERTIFICATES + "ca.pem");
        environment.put("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1");
        environment.put("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4");
        environment.put("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1");
        environment.put("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        environment.put("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
        environment.put("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        environment.put("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        return environment;
    }

    private Path keyWithCertificate(String name) {
        PeerAuthority.Issued issued = authority.issue("CN=" + name);
        Path both = folder.resolve(name + "-both.pem");
        try {
            Files.writeString(both, Files.readString(issued.key()) + Files.readString(issued.certificate()));
            return both;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + both, e);
        }
    }

    /** How this principal reaches it: what a service finds in the file that {@code HOLDFAST_KAFKA_CONFIG} names. */
    public Map<String, String> settings(String role) {
        return Map.of(
                "security.protocol", "SSL",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", keyWithCertificate(role).toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", authority.file().toString());
    }

    /** The same as a file. */
    public Path settingsFile(String role) {
        Path file = folder.resolve(role + ".properties");
        List<String> lines = new ArrayList<>();
        settings(role).forEach((key, value) -> lines.add(key + "=" + value));
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * How this principal reaches it.
     *
     * @param registry a registry's URL
     */
    public KafkaConnection connection(String role, String registry) {
        return new KafkaConnection("127.0.0.1:" + port, registry, settings(role));
    }

    private void grant() {
        try (Admin admin = Admin.create(connection(ADMIN, "mock://unused").common())) {
            admin.createAcls(grants()).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not take the grants", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<AclBinding> grants() {
        Path table = Checkout.root().resolve("deploy/kafka/acls.tsv");
        try {
            return Files.readAllLines(table).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> binding(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + table, e);
        }
    }

    private static AclBinding binding(String[] grant) {
        return new AclBinding(
                new ResourcePattern(
                        ResourceType.fromString(grant[2].replace('-', '_').toUpperCase(Locale.ROOT)),
                        grant[4],
                        PatternType.fromString(grant[3].toUpperCase(Locale.ROOT))),
                new AccessControlEntry("User:CN=" + grant[0], "*", operation(grant[1]), AclPermissionType.ALLOW));
    }

    private static AclOperation operation(String name) {
        return name.equals("DescribeConfigs")
                ? AclOperation.DESCRIBE_CONFIGS
                : AclOperation.valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public void close() {
        Cleanup.forget(atExit);
        stop();
    }

    private void stop() {
        container.stop();
    }
}
