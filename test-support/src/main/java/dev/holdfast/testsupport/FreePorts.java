package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. Modules are tested at the same time, and seconds pass before what is started listens: so that
 * no two are given one port, whoever has one holds a lock on a file of its name until its process ends.
 */
public final class FreePorts {

    // below what the system gives to connections that go out, which would take one before its listener does
    private static final int FIRST = 10_000;
    private static final int END = 20_000;
    private static final int TRIES = 1_000;
    private static final Path LOCKS =
            Path.of(System.getProperty("java.io.tmpdir"), "holdfast-ports-" + System.getProperty("user.name"));
    private static final Map<Integer, FileChannel> GIVEN = new HashMap<>();

    private FreePorts() {}

    /** A port on loopback that is free now, and that no process of this user's tests has been given as long as that lives. */
    public static synchronized int next() {
        for (int turn = 0; turn < TRIES; turn++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.containsKey(port) && isFree(port) && take(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port on loopback from %d to %d after %d tries".formatted(FIRST, END - 1, TRIES));
    }

    /** True if the port was nobody's, and is this process's from now on. */
    static synchronized boolean take(int port) {
        try {
            Files.createDirectories(LOCKS);
            FileChannel lock = FileChannel.open(
                    LOCKS.resolve(String.valueOf(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                lock.close();
                return false;
            }
            GIVEN.put(port, lock);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("port %d cannot be locked in %s".formatted(port, LOCKS), e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
