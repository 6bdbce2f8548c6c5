package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** P8S: processor seconds until the catalog is ready, against an ordinary Spring Boot service, by turns, over the same broker. */
final class StartFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Lab lab;
    private final Path scratch;
    private final String anchorClassPath;

    private StartFigure(Lab lab, Path scratch, String anchorClassPath) {
        this.lab = lab;
        this.scratch = scratch;
        this.anchorClassPath = anchorClassPath;
    }

    /**
     * Measures.
     *
     * @param anchorClassPath what the ordinary service needs, and no more
     * @param rounds how often they take turns
     */
    static void measure(Path scratch, String anchorClassPath, int rounds) {
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        try (Lab lab = Lab.open()) {
            StartFigure starts = new StartFigure(lab, scratch, anchorClassPath);
            for (int round = 0; round < rounds; round++) {
                ours[round] = starts.catalog("start_" + round);
                theirs[round] = starts.anchor(round);
            }
        }
        Figures figures = new Figures("P8S");
        figures.line("processor seconds until ready, catalog: " + Figures.statistics(ours, "s"));
        figures.line("  anchor, a default Spring Boot service: %s; ratio %.2f"
                .formatted(Figures.statistics(theirs, "s"), Figures.median(ours) / Figures.median(theirs)));
    }

    private double catalog(String database) {
        lab.cluster().createDatabase(database);
        try (RunningCatalog catalog = lab.catalog(database)) {
            return Cpu.of(catalog.process().pid());
        }
    }

    private double anchor(int round) {
        int port = FreePorts.next();
        try (Child service = Child.ordinary(
                scratch.resolve("default-%d.log".formatted(round)),
                anchorClassPath,
                "dev.holdfast.bench.DefaultService",
                "--server.port=" + port,
                "--bench.group=start-" + round,
                "--spring.kafka.bootstrap-servers=" + lab.kafka().bootstrapServers())) {
            URI health = URI.create("http://127.0.0.1:%d/actuator/health".formatted(port));
            Waiting.until("the ordinary service is ready", PATIENCE, () -> answers(health));
            return Cpu.of(service.pid());
        }
    }

    private static boolean answers(URI address) {
        try {
            return CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
