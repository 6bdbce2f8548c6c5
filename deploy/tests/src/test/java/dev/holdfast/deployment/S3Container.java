package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.S3Server;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real S3 server (S3Proxy) over TLS in a container, which the containers of some networks reach by a name, at port 9000. */
final class S3Container implements AutoCloseable {

    private static final Path SITE = Path.of("/s3/site");
    private static final Path LIBRARIES = Path.of("/s3/lib");
    private static final Path LOGGING = Path.of("/s3/logback.xml");
    private static final String WRITER = "writer.conf";
    private static final String READER = "reader.conf";

    private final Path folder;
    private final String container;

    private S3Container(Path folder, String container) {
        this.folder = folder;
        this.container = container;
    }

    /**
     * One that answers.
     *
     * @param authority issues its certificate
     * @param name how it is reached
     * @param networks of the engine, by name
     */
    static S3Container started(CertificateAuthority authority, String name, List<String> networks) throws IOException {
        Path folder = Files.createTempDirectory("holdfast-s3-container-");
        Files.createDirectories(folder.resolve("store").resolve(S3Server.BUCKET));
        Path keystore = authority.keystore(authority.issue(name, name), S3Server.KEYSTORE_PASSWORD);
        Files.copy(keystore, folder.resolve("keystore"));
        Files.writeString(folder.resolve(WRITER), properties(S3Server.WRITER));
        Files.writeString(folder.resolve(READER), properties(S3Server.READER));
        S3Container server = new S3Container(folder, made(folder));
        try {
            networks.forEach(network -> Command.output(
                    List.of("docker", "network", "connect", "--alias", name, network, server.container)));
            server.awaitAnswer();
            return server;
        } catch (AssertionError | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static String properties(S3Server.Keys keys) {
        return S3Server.properties("0.0.0.0:9000", keys, SITE.resolve("keystore"), SITE.resolve("store"));
    }

    private static String made(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                "docker",
                "run",
                "--detach",
                "--label=org.testcontainers=true",
                "--user=0:0",
                "--volume=%s:%s:ro".formatted(S3Server.libraries(), LIBRARIES),
                "--volume=%s:%s:ro".formatted(S3Server.logging(), LOGGING),
                "--volume=%s:%s".formatted(folder, SITE),
                "holdfast/runtime",
                "/opt/holdfast/runtime/bin/java",
                "-Xmx192m"));
        command.addAll(S3Server.arguments(LIBRARIES, LOGGING, List.of(SITE.resolve(WRITER), SITE.resolve(READER))));
        return Command.output(command).strip();
    }

    private void awaitAnswer() {
        Patience.until(
                "the S3 server",
                () -> assertThat(Command.run(
                                        List.of(
                                                "docker",
                                                "exec",
                                                container,
                                                "bash",
                                                "-c",
                                                "exec 3<>/dev/tcp/127.0.0.1/9000"),
                                        Map.of())
                                .exitCode())
                        .as(Command.output(List.of("docker", "logs", container)))
                        .isZero());
    }

    /** The folder of its bucket: an object is the file of its name. */
    Path bucket() {
        return folder.resolve("store").resolve(S3Server.BUCKET);
    }

    /** Ends it, and forgets its objects. */
    @Override
    public void close() {
        Command.output(List.of("docker", "rm", "--force", "--volumes", container));
        Command.output(List.of("rm", "-rf", folder.toString()));
    }
}
