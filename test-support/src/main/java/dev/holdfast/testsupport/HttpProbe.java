package dev.holdfast.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits until a process answers. */
final class HttpProbe {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration ONE_ANSWER = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ONE_ANSWER)
            .build();

    private HttpProbe() {}

    /**
     * Returns when the URL has answered 200.
     *
     * @param name who is waited for, for messages
     * @param log where it writes, for messages
     * @throws IllegalStateException if the process ended before
     */
    static void awaitReady(String name, String url, Process process, Path log) {
        await(name + " ready at " + url, process, log, () -> answers(url));
    }

    /** The same for a program that does not speak HTTP: returns when a loopback port takes connections. */
    static void awaitPort(String name, int port, Process process, Path log) {
        await(name + " at port " + port, process, log, () -> accepts(port));
    }

    private static void await(String what, Process process, Path log, Callable<Boolean> ready) {
        Awaitility.await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("%s: it ended with %d before it was ready%n%s"
                        .formatted(what, process.exitValue(), LogFile.tail(log)));
            }
            return ready.call();
        });
    }

    private static boolean accepts(int port) {
        try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connected.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean answers(String url) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(ONE_ANSWER).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
