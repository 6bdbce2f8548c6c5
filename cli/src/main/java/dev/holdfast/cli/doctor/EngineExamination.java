package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a container engine answers, over its own HTTP: restore tests run in its containers. */
public final class EngineExamination {

    private static final String CHECK = "container engine";
    private static final Path USUAL = Path.of("/var/run/docker.sock");
    private static final String UNIX = "unix://";
    private static final Pattern VERSION = Pattern.compile("\"Version\"\\s*:\\s*\"([^\"]+)\"");
    private static final String WHY =
            "restore tests need one on the host of the validator; elsewhere this does not matter";
    // HTTP/1.0: the answer comes in one piece and ends with the connection
    private static final String QUESTION = "GET /version HTTP/1.0\r\nHost: docker\r\n\r\n";
    private static final int ENOUGH = 64 * 1024;

    private EngineExamination() {}

    /** Asks the engine that the environment names. */
    public static Finding examine(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.startsWith("tcp://")) {
            return remote(host);
        }
        Path socket = host.startsWith(UNIX) ? Path.of(host.substring(UNIX.length())) : USUAL;
        if (!Files.exists(socket)) {
            return Finding.warning(
                    CHECK,
                    "",
                    "there is no %s".formatted(socket),
                    WHY,
                    "apt-get install docker.io, or DOCKER_HOST=unix:///run/podman/podman.sock for Podman");
        }
        return local(socket);
    }

    private static Finding remote(String host) {
        Matcher address = Pattern.compile("tcp://([^:/]+):([0-9]{1,5})/?").matcher(host);
        if (!address.matches()) {
            return Finding.warning(
                    CHECK, "", "DOCKER_HOST is '%s'".formatted(host), WHY, "DOCKER_HOST=tcp://host:2376");
        }
        String refusal = TcpProbe.refusal(address.group(1), Integer.parseInt(address.group(2)));
        return refusal.isEmpty()
                ? Finding.ok(CHECK, "", host + " takes connections")
                : Finding.warning(CHECK, "", "%s: %s".formatted(host, refusal), WHY, "start it, or unset DOCKER_HOST");
    }

    private static Finding local(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(QUESTION.getBytes(StandardCharsets.US_ASCII)));
            Matcher version = VERSION.matcher(answer(channel));
            return version.find()
                    ? Finding.ok(CHECK, "", "version %s at %s".formatted(version.group(1), socket))
                    : Finding.warning(
                            CHECK, "", "%s does not answer as a container engine".formatted(socket), WHY, "restart it");
        } catch (IOException e) {
            return Finding.warning(
                    CHECK,
                    "",
                    "%s cannot be used: %s".formatted(socket, e.getMessage()),
                    WHY,
                    "systemctl start docker; and for a user that is not root: usermod -aG docker USER");
        }
    }

    private static String answer(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ENOUGH);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until the engine closes the connection
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
}
