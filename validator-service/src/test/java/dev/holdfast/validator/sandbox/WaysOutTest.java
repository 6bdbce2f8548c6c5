package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.RepositoryPlace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The validator's end of a sandbox's way out, used as socat inside would use it. */
@Timeout(120)
class WaysOutTest {

    private final String owner = "test/" + UUID.randomUUID();

    @Test
    void whatIsWrittenInsideReachesTheAddressAndTheAnswerComesBack() throws Exception {
        try (ServerSocket repository = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.startVirtualThread(() -> answerOnce(repository));
            try (WayOut way = wayTo(repository.getLocalPort())) {
                assertThat(say(way, "who is there")).isEqualTo("you said: who is there");
                assertThat(way.trouble()).isEmpty();
                assertThat(way).hasToString("S3 at localhost:" + repository.getLocalPort());
            }
            answering.join();
        }
    }

    @Test
    void anAddressWhereNobodyAnswersIsNamedWithTheReason() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (WayOut way = wayTo(port)) {
            assertThat(say(way, "")).isEmpty();
            assertThat(way.trouble().orElseThrow()).contains("localhost:" + port, "Connection refused");
        }
    }

    @Test
    void aWayThatIsClosedLeavesNothing() throws IOException {
        WayOut way = wayTo(1);
        Path folder = way.folder();
        assertThat(folder).isDirectory();

        way.close();

        assertThat(folder).doesNotExist();
    }

    @Test
    void whatAnEarlierLifeLeftIsRemovedAndNobodyElses() throws IOException {
        WayOut earlier = wayTo(1);
        try (WayOut others = ways("other/" + owner).to(place(1)).orElseThrow()) {
            WaysOut now = ways(owner);
            try (WayOut mine = now.to(place(1)).orElseThrow()) {
                now.removeLeftovers();

                assertThat(earlier.folder()).doesNotExist();
                assertThat(others.folder()).isDirectory();
                assertThat(mine.folder()).isDirectory();
            }
        }
        earlier.close();
    }

    @Test
    void aFolderOfThisMachineNeedsNoWay() {
        RepositoryPlace place = new RepositoryPlace(new RepositoryPlace.Folder(Path.of("/repo")), "", 1, 1);

        assertThat(ways(owner).to(place)).isEmpty();
    }

    private WayOut wayTo(int port) throws IOException {
        return ways(owner).to(place(port)).orElseThrow();
    }

    private static WaysOut ways(String owner) {
        return new WaysOut(owner, Path.of(System.getProperty("java.io.tmpdir")), SharedVolumes.none());
    }

    private static RepositoryPlace place(int port) throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return new RepositoryPlace(new RepositoryPlace.Remote("S3", "localhost", port, List.of()), "", uid, uid);
    }

    private static String say(WayOut way, String words) throws IOException {
        try (SocketChannel inside =
                SocketChannel.open(UnixDomainSocketAddress.of(way.folder().resolve(WayOut.SOCKET)))) {
            inside.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)));
            inside.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(1024);
            while (inside.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private static void answerOnce(ServerSocket repository) {
        try (Socket caller = repository.accept()) {
            byte[] said = caller.getInputStream().readAllBytes();
            caller.getOutputStream()
                    .write(("you said: " + new String(said, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
