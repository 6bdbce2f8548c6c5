package dev.holdfast.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on. */
public final class FreePorts {

    // below what the system gives to connections that go out, which would take one before its listener does
    private static final int FIRST = 10_000;
    private static final int END = 20_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /**
     * A port on loopback that is free now, and that this process has not been given before. Another process may take it before
     * it is used; there are thousands to choose from, so that is rare.
     */
    public static synchronized int next() {
        for (int turn = 0; turn < TRIES; turn++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port on loopback from %d to %d after %d tries".formatted(FIRST, END - 1, TRIES));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
