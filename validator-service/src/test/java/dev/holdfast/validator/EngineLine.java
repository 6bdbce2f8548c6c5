package dev.holdfast.validator;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to the container engine that a test can cut, as if the engine had been stopped. The machine's engine itself is
 * everybody's.
 */
final class EngineLine implements AutoCloseable {

    private static final int CHUNK = 64 << 10;

    private final Path here;
    private final Path engine;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private ServerSocketChannel door;

    private EngineLine(Path here, Path engine) throws IOException {
        this.here = here;
        this.engine = engine;
        this.door = listen();
    }

    /**
     * Opens one.
     *
     * @param folder an existing one, for its socket
     */
    static EngineLine open(Path folder) throws IOException {
        Path engine = Path.of(DefaultDockerClientConfig.createDefaultConfigBuilder()
                .build()
                .getDockerHost()
                .getPath());
        return new EngineLine(folder.resolve("docker.sock"), engine);
    }

    /** Its address, for {@code DOCKER_HOST}. */
    String address() {
        return "unix://" + here;
    }

    /** Ends every connection and takes no more. */
    void cut() throws IOException {
        door.close();
        Files.deleteIfExists(here);
        for (SocketChannel connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    /** Ends {@link #cut}. */
    void mend() throws IOException {
        door = listen();
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(here));
        Thread.ofVirtual().start(() -> accept(channel));
        return channel;
    }

    private void accept(ServerSocketChannel channel) {
        try {
            while (true) {
                SocketChannel client = channel.accept();
                SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                connections.add(client);
                connections.add(server);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (IOException cut) {
            // nobody is let in any more
        }
    }

    /** Passes bytes on until their source has no more, and tells the other side so: a hijacked connection ends by halves. */
    private static void pass(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException cut) {
            // both ends are closed then
        }
    }
}
