package dev.holdfast.runner.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers for health and metrics under {@code /actuator}, as the other services do, and for nothing else. It is the JDK's own
 * server: a runner shares its host with a database, and a framework for three answers would be a third of its memory
 * (docs/decisions/0034-the-runner-is-wired-by-hand.md).
 */
public final class HealthServer implements AutoCloseable {

    private static final int NO_BODY = -1;
    private static final int BACKLOG = 50;

    static {
        // whoever connects and says nothing, or reads nothing, is let go: the JDK's server waits for ever unless it is
        // told
        // (https://docs.oracle.com/en/java/javase/25/docs/api/jdk.httpserver/module-summary.html); seconds, a count,
        // seconds
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("jdk.httpserver.maxConnections", "64");
        System.setProperty("sun.net.httpserver.idleInterval", "30");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Answers answers;

    /**
     * Takes the address; {@link #start} begins to answer.
     *
     * @param address where to listen; port 0 for any that is free
     * @throws IOException if the address cannot be taken
     */
    public HealthServer(InetSocketAddress address, Condition condition, Metrics metrics) throws IOException {
        this.answers = new Answers(condition, metrics);
        this.server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /** Begins to answer. The server's own thread keeps the process alive until {@link #close}. */
    public void start() {
        server.start();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Answer answer = answers.to(method, exchange.getRequestURI().getRawPath());
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type());
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            if (answer.status() == Answer.METHOD_NOT_ALLOWED) {
                headers.set("Allow", "GET, HEAD");
            }
            boolean bodiless = method.equals("HEAD") || answer.body().length == 0;
            exchange.sendResponseHeaders(answer.status(), bodiless ? NO_BODY : answer.body().length);
            if (!bodiless) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    /** Answers no more. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
