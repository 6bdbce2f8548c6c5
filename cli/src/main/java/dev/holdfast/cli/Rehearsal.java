package dev.holdfast.cli;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.command.CommandTree;
import dev.holdfast.cli.command.GlobalOptions;
import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.kafka.EventLog;
import dev.holdfast.cli.screen.Console;
import dev.holdfast.cli.screen.Look;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Plays the usual commands once against a server of its own, so that a training run of the AOT cache loads the classes that
 * they need. Nothing outside this process is reached, nothing is written.
 */
final class Rehearsal {

    private static final String ANSWER = """
            {"items": [{"stanza": "rehearsal", "label": "20261122-020003F", "type": "FULL", "status": "COMPLETE",
              "finishedAt": "2026-11-22T02:00:07Z", "repositoryBytes": 4404019,
              "proof": {"verdict": "PASSED", "rung": "CONTENT_CHECKED", "at": "2026-11-22T02:01:00Z"},
              "answer": "FEASIBLE", "lastBackup": {"finishedAt": "2026-11-22T02:00:07Z"}, "objectives": [{"name": "rpo", "met": true}],
              "window": [{"from": "2026-11-22T02:00:07Z", "to": "2026-11-22T02:00:07Z"}]}],
             "story": [{"type": "BackupRequested", "at": "2026-11-22T02:00:00Z", "producer": {"service": "cli"}}],
             "requestId": "0192c3a0-0000-4000-8000-000000000001", "next": null}""";

    private static final List<String> LINES = List.of(
            "--version",
            "--help",
            "list",
            "list -o json",
            "list -o yaml",
            "status",
            "show rehearsal 20261122-020003F",
            "trace 0192c3a0-0000-4000-8000-000000000001",
            "plan rehearsal --at 2h",
            "policy get");

    /** Of those that speak to Kafka, as far as they come without it. */
    private static final List<String> REQUESTS =
            List.of("backup --help", "backup ../rehearsal", "backup rehearsal --kafka 127.0.0.1:1");

    private Rehearsal() {}

    /** Plays the commands that ask over HTTP. */
    static void playQueries() {
        HttpServer server = server();
        try {
            play(LINES, server);
        } finally {
            server.stop(0);
        }
    }

    /** Plays them all, and what the Kafka clients load. */
    static void play() {
        HttpServer server = server();
        try {
            play(LINES, server);
            play(REQUESTS, server);
            EventLog.rehearse(new KafkaConnection("127.0.0.1:1", "mock://rehearsal", Map.of()));
        } finally {
            server.stop(0);
        }
    }

    private static void play(List<String> lines, HttpServer server) {
        lines.forEach(line -> CommandTree.run(new HoldfastCommand(), session(server), List.of(line.split(" "))));
    }

    private static Session session(HttpServer server) {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new Session(
                new Console(nowhere, nowhere, false, Look.PLAIN),
                Map.of("HOLDFAST_CATALOG", url, "HOLDFAST_SCHEDULER", url),
                Path.of("/nonexistent"),
                "rehearsal",
                InstantSource.system(),
                new GlobalOptions());
    }

    private static HttpServer server() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("no server on the loopback address for the rehearsal", e);
        }
    }
}
