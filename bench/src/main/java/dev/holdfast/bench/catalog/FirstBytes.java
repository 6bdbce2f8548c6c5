package dev.holdfast.bench.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long a reader of a page waits until its first byte is there. */
final class FirstBytes {

    private static final int LOOKS = 50;
    private static final int WARM_UP = 10;

    private final Figures figures = new Figures("P8");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RunningCatalog catalog;

    FirstBytes(RunningCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * All pages by turns, as readers go from one to the next.
     *
     * @param pages paths by what they show
     */
    void measure(Map<String, String> pages) {
        Map<String, double[]> waits = new LinkedHashMap<>();
        for (int look = -WARM_UP; look < LOOKS; look++) {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                double millis = firstByte(page.getValue());
                if (look >= 0) {
                    waits.computeIfAbsent(page.getKey(), name -> new double[LOOKS])[look] = millis;
                }
            }
        }
        waits.forEach((name, millis) ->
                figures.line("first byte of a page, %s: %s".formatted(name, Figures.statistics(millis, "ms"))));
    }

    private double firstByte(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(catalog.address() + path)).build();
        long from = System.nanoTime();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                int first = body.read();
                double millis = (System.nanoTime() - from) / 1e6;
                if (answer.statusCode() != 200 || first < 0) {
                    throw new IllegalStateException("%s answers %d".formatted(path, answer.statusCode()));
                }
                // to its end, so that the connection serves the next one
                body.transferTo(OutputStream.nullOutputStream());
                return millis;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
