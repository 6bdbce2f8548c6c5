package dev.holdfast.bench.catalog;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** P7: the catalog is rebuilt from its log while it answers: how long that takes, that no answer failed meanwhile, and that it then says the same. */
final class RebuildFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String DATABASE = "rebuilt";
    private static final long BETWEEN_READS_MILLIS = 50;

    private final Figures figures = new Figures("P7");
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private RebuildFigure() {}

    /**
     * Measures.
     *
     * @param lives how many backups lie in the log
     */
    static void measure(int lives) {
        new RebuildFigure().run(lives);
    }

    private void run(int lives) {
        try (Lab lab = Lab.open()) {
            long records = new Lives(1_000, lives).publish(lab.kafka());
            lab.cluster().createDatabase(DATABASE);
            try (RunningCatalog catalog = lab.catalog(DATABASE)) {
                long from = System.nanoTime();
                awaitAll(lab, records);
                figures.line(
                        "first projection of %,d events, from the start: %.1f s".formatted(records, seconds(from)));
                catalog.awaitCaughtUp();
                rebuild(catalog, records);
            }
        }
    }

    private void rebuild(RunningCatalog catalog, long records) {
        String before = catalog.contentHash();
        Thread reader = Thread.ofPlatform().daemon().start(() -> read(catalog));
        long from = System.nanoTime();
        if (catalog.post("/api/v1/rebuild") != 202) {
            throw new IllegalStateException("the catalog does not want to be rebuilt");
        }
        Waiting.until(
                "the rebuilt projection answers",
                PATIENCE,
                () -> !catalog.json("/api/v1/rebuild").path("wanted").asBoolean(true));
        double seconds = seconds(from);
        ended.set(true);
        join(reader);
        catalog.awaitCaughtUp();
        String after = catalog.contentHash();
        figures.line("rebuild of %,d events while serving: %.1f s, %,.0f events/s"
                .formatted(records, seconds, records / seconds));
        figures.line("  reads meanwhile: %d answered, %d failed; content hash %s; %s"
                .formatted(
                        answered.get(), failed.get(), before.equals(after) ? "the same" : "DIFFERS", catalog.memory()));
    }

    private static void awaitAll(Lab lab, long records) {
        try (Meter projected = new Meter(
                lab.cluster(), DATABASE, "select coalesce(sum(next_offset), 0) from holdfast.log_offsets", 100)) {
            Waiting.until("all is projected", PATIENCE, () -> {
                projected.pause();
                return projected.read() >= records;
            });
        }
    }

    private void read(RunningCatalog catalog) {
        List<String> paths = List.of(
                "/api/v1/backups?limit=20",
                "/api/v1/stanzas/" + Lives.stanza(1),
                "/api/v1/requests?stanza=" + Lives.stanza(2),
                "/");
        while (!ended.get()) {
            for (String path : paths) {
                (isAnswered(catalog, path) ? answered : failed).incrementAndGet();
                Waiting.pause(BETWEEN_READS_MILLIS);
            }
        }
    }

    private static boolean isAnswered(RunningCatalog catalog, String path) {
        try {
            return catalog.get(path).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static double seconds(long from) {
        return (System.nanoTime() - from) / 1e9;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
