package dev.holdfast.bench.catalog;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * R10: one log, many ways to read it. Each round a new database, batches as they fall, the catalog or PostgreSQL killed at random moments of the
 * catch-up; and part of the log is there twice. Every round must come to one content.
 */
final class TruthFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private TruthFigure() {}

    /**
     * Measures.
     *
     * @param rounds how many
     * @param lives how many backups lie in the log
     * @throws IllegalStateException if the rounds came to different contents
     */
    static void measure(int rounds, int lives) {
        long seed = System.nanoTime();
        Figures figures = new Figures("R10");
        figures.line("seed of the kills: " + seed);
        Random random = new Random(seed);
        Set<String> hashes = new TreeSet<>();
        int kills = 0;
        try (Lab lab = Lab.open()) {
            long records = new Lives(100, lives).publishTwice(lab.kafka(), random);
            for (int round = 0; round < rounds; round++) {
                String database = "round_" + round;
                lab.cluster().createDatabase(database);
                int wanted = random.nextInt(3);
                hashes.add(hash(lab, database, wanted, random));
                kills += wanted;
                lab.cluster().sql("drop database %s with (force)".formatted(database));
            }
            figures.line("%d rounds over %,d records, a tenth of them twice, %d kills: %d content hash%s"
                    .formatted(rounds, records, kills, hashes.size(), hashes.size() == 1 ? "" : "es, DIFFERENT"));
            if (hashes.size() != 1) {
                throw new IllegalStateException("one log, several contents: " + hashes);
            }
        }
    }

    private static String hash(Lab lab, String database, int kills, Random random) {
        RunningCatalog catalog = lab.catalog(database);
        try {
            for (int kill = 0; kill < kills; kill++) {
                Waiting.pause(random.nextInt(1_500));
                if (random.nextBoolean()) {
                    catalog.process().kill9();
                    catalog = lab.catalog(database);
                } else {
                    lab.cluster().kill();
                    lab.cluster().start();
                }
            }
            RunningCatalog last = catalog;
            Waiting.until("caught up", PATIENCE, last::caughtUp);
            return last.contentHash();
        } finally {
            catalog.close();
        }
    }
}
