package dev.holdfast.bench.catalog;

import java.time.Duration;
import java.util.Random;

/**
 * R5M: a log that is complete is caught up with, while the catalog and its PostgreSQL are killed in turn at random moments. What then lies in the database
 * must be what an undisturbed catalog over another database makes of the same log.
 */
final class CatchUpFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String KILLED = "killed";
    private static final String UNDISTURBED = "undisturbed";
    private static final int STANZAS = 1_000;
    private static final int LONGEST_LIFE_MILLIS = 4_000;

    private final Figures figures = new Figures("R5M");
    private final Lab lab;
    private final long records;
    private final Random random;
    private int catalogKills;
    private int databaseKills;

    private CatchUpFigure(Lab lab, long records, long seed) {
        this.lab = lab;
        this.records = records;
        this.random = new Random(seed);
    }

    /**
     * Measures.
     *
     * @param lives how many backups lie in the log
     * @throws IllegalStateException if anything was lost or doubled
     */
    static void measure(int lives) {
        long seed = System.nanoTime();
        try (Lab lab = Lab.open()) {
            long records = new Lives(STANZAS, lives).publish(lab.kafka());
            lab.cluster().createDatabase(KILLED);
            lab.cluster().createDatabase(UNDISTURBED);
            CatchUpFigure figure = new CatchUpFigure(lab, records, seed);
            figure.figures.line("seed of the kills: " + seed);
            figure.run();
        }
    }

    private void run() {
        long from = System.nanoTime();
        String killed = catchUpAmidKills();
        double seconds = (System.nanoTime() - from) / 1e9;
        String undisturbed = catchUp();
        long events = number(KILLED, "select count(*) from holdfast.events");
        long offsets = read(KILLED);
        figures.line("%,d events caught up with in %.1f s amid %d kills of the catalog and %d of PostgreSQL"
                .formatted(records, seconds, catalogKills, databaseKills));
        figures.line("  lost or doubled: %d events, %d offsets; content hash %s an undisturbed catalog's"
                .formatted(
                        Math.abs(records - events),
                        Math.abs(records - offsets),
                        killed.equals(undisturbed) ? "the same as" : "DIFFERS from"));
        if (events != records || offsets != records || !killed.equals(undisturbed)) {
            throw new IllegalStateException("the projection is not what the log says");
        }
    }

    /** Each life ends at a random moment after it has committed something, until nothing is left to be read; gives the content's hash. */
    private String catchUpAmidKills() {
        RunningCatalog catalog = lab.catalog(KILLED);
        try {
            long before = 0;
            while (awaitMoreThan(before) < records) {
                Waiting.pause(random.nextInt(LONGEST_LIFE_MILLIS));
                before = read(KILLED);
                if ((catalogKills + databaseKills) % 2 == 0) {
                    catalog.process().kill9();
                    catalogKills++;
                    catalog = lab.catalog(KILLED);
                } else {
                    lab.cluster().kill();
                    databaseKills++;
                    lab.cluster().start();
                }
                before = Math.min(Math.max(before, read(KILLED)), records - 1);
            }
            catalog.awaitCaughtUp();
            return catalog.contentHash();
        } finally {
            catalog.close();
        }
    }

    private String catchUp() {
        try (RunningCatalog catalog = lab.catalog(UNDISTURBED)) {
            Waiting.until("all is projected", PATIENCE, () -> read(UNDISTURBED) >= records);
            catalog.awaitCaughtUp();
            return catalog.contentHash();
        }
    }

    private long awaitMoreThan(long before) {
        Waiting.until("the projection goes on", PATIENCE, () -> read(KILLED) > before);
        return read(KILLED);
    }

    /** Records whose offsets are behind the projection; none before there is a table. */
    private long read(String database) {
        boolean made = number(database, "select count(to_regclass('holdfast.log_offsets'))") > 0;
        return made ? number(database, "select coalesce(sum(next_offset), 0)::bigint from holdfast.log_offsets") : 0;
    }

    private long number(String database, String sql) {
        return Long.parseLong(lab.cluster().sqlIn(database, sql).getFirst());
    }
}
