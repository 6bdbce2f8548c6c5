package dev.holdfast.validator.sandbox;

import com.github.dockerjava.api.model.HostConfig;
import dev.holdfast.validator.proof.RepositoryPlace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way out of a sandbox that has no network: to the repository's address and nowhere else.
 *
 * <p>Inside, the repository's name leads to loopback, where socat hands every connection to a Unix socket. The validator
 * holds that socket's other end and connects to the one address that it knows; what it passes on is TLS between pgBackRest
 * and the repository. A program inside can neither choose another address nor ask for a name.
 */
final class WayOut implements AutoCloseable {

    /** The folder of the socket, as programs inside see it, unless it lies in a volume of the engine. */
    static final Path INSIDE = Path.of("/run/holdfast");

    /** The socket's name in its folder. */
    static final String SOCKET = "repository";

    /** What it means that the way does not begin inside. */
    static final String MISSING =
            "the sandbox image has no socat, or it cannot listen; build the image again with deploy/local/prepare";

    private static final Logger LOGGER = LoggerFactory.getLogger(WayOut.class);
    private static final int CONNECTED_WITHIN_MILLIS = 10_000;
    private static final int BUFFER = 64 << 10;

    // the container's first process still reads its standard input, which ends with the validator
    private static final String LISTEN =
            "socat \"TCP-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr,backlog=128\" \"UNIX-CONNECT:$2\" & exec cat";
    private static final String AWAIT =
            "command -v socat >&2 || exit 127; n=0; until grep -q \":$1 00000000:0000 0A\" /proc/net/tcp; do n=$((n+1)); [ $n -lt 2400 ] || exit 1; sleep 0.05; done";

    private final RepositoryPlace.Remote remote;
    private final Place place;
    private final ServerSocketChannel listener;
    private final Runnable whenClosed;
    private final Set<SocketChannel> connected = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * Where its socket is.
     *
     * @param folder empty; on this machine
     * @param inside the same folder, as programs in the sandbox see it
     */
    record Place(Path folder, Path inside) {}

    private WayOut(RepositoryPlace.Remote remote, Place place, ServerSocketChannel listener, Runnable whenClosed) {
        this.remote = remote;
        this.place = place;
        this.listener = listener;
        this.whenClosed = whenClosed;
    }

    /**
     * Opens it.
     *
     * @param uid who uses it, by number
     */
    static WayOut open(RepositoryPlace.Remote remote, Place place, int uid, Runnable whenClosed) throws IOException {
        Path socket = place.folder().resolve(SOCKET);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        // to be passed through, not to be listed
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwx--x--x"));
        handTo(socket, uid);
        WayOut way = new WayOut(remote, place, listener, whenClosed);
        Thread.ofVirtual().name("way-out").start(way::accept);
        return way;
    }

    /** Only root can give it away; else every user of this machine may knock, and gets no further than he could himself. */
    private static void handTo(Path socket, int uid) throws IOException {
        int me = (Integer) Files.getAttribute(socket, "unix:uid");
        if (me == 0) {
            Files.setAttribute(socket, "unix:uid", uid);
        }
        Files.setPosixFilePermissions(
                socket, PosixFilePermissions.fromString(me == 0 || me == uid ? "rw-------" : "rw-rw-rw-"));
    }

    /** The folder of its socket, on this machine. */
    Path folder() {
        return place.folder();
    }

    /** The first command of the container. */
    List<String> first() {
        return List.of(
                "sh",
                "-c",
                LISTEN,
                "sh",
                String.valueOf(remote.port()),
                place.inside().resolve(SOCKET).toString());
    }

    /** A command that succeeds once the way begins inside. */
    List<String> whenInside() {
        return List.of("sh", "-c", AWAIT, "sh", "%04X".formatted(remote.port()));
    }

    /** Lets the container take the repository's name for its own loopback, on any port. */
    void open(HostConfig config) {
        config.withSysctls(Map.of("net.ipv4.ip_unprivileged_port_start", "0"));
        if (!remote.host().equals("localhost") && !remote.host().startsWith("127.")) {
            config.withExtraHosts(remote.host() + ":127.0.0.1");
        }
    }

    /** Why the address could not be reached, when it was last tried; empty if it could. */
    Optional<String> trouble() {
        return trouble;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel inside = listener.accept();
                connected.add(inside);
                Thread.ofVirtual().name("way-out").start(() -> connect(inside));
            } catch (IOException e) {
                LOGGER.atDebug().addKeyValue("error", e.toString()).log("a sandbox's way is closed");
                return;
            }
        }
    }

    private void connect(SocketChannel inside) {
        try (SocketChannel outside = SocketChannel.open()) {
            connected.add(outside);
            outside.socket().connect(new InetSocketAddress(remote.host(), remote.port()), CONNECTED_WITHIN_MILLIS);
            trouble = Optional.empty();
            Thread answers = Thread.ofVirtual().name("way-out").start(() -> pass(outside, inside));
            pass(inside, outside);
            answers.join();
            end(outside);
        } catch (IOException e) {
            trouble = Optional.of("%s cannot be reached from the validator's host: %s".formatted(remote.address(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(inside);
        }
    }

    /** Passes on until the one side has no more to say, and tells the other. */
    private void pass(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("a connection of a sandbox broke off");
            end(from);
            end(to);
        }
    }

    private void end(SocketChannel channel) {
        connected.remove(channel);
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("a connection of a sandbox was closed already");
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("a sandbox's way could not be closed");
        }
        connected.forEach(this::end);
        whenClosed.run();
    }

    @Override
    public String toString() {
        return "%s at %s".formatted(remote.kind(), remote.address());
    }
}
