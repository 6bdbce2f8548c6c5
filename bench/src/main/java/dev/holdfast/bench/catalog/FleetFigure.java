package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** P9: the newest good backup of every stanza of a fleet, and whether it is proven, against {@code pgbackrest info} over as many stanzas. */
final class FleetFigure {

    private static final int STANZAS = 1_000;
    private static final int PAGE = 500;
    private static final int WARM_UP = 200;
    private static final int LOOKS = 30;
    private static final String MODEL = "model";

    private FleetFigure() {}

    /**
     * Measures.
     *
     * @param rows of each kind in the catalog
     * @param keep folder in which the filled database stays; empty for none
     */
    static void measure(int rows, String keep) {
        try (PostgresCluster cluster = Lab.databaseOfRows(keep)) {
            measure(FilledCatalog.make(cluster, rows));
        }
    }

    private static void measure(FilledCatalog filled) {
        Figures figures = new Figures("P9");
        try (RunningCatalog catalog = filled.answering();
                PostgresCluster production =
                        PostgresCluster.builder().archiving().start();
                PgBackRestRepository repository = PgBackRestRepository.create(production, MODEL)) {
            repository.stanzaCreate();
            List.of("full", "incr", "incr").forEach(repository::backup);
            copies(repository.path());
            double[] answers = new double[LOOKS];
            double[] again = new double[LOOKS];
            double[] infos = new double[3];
            for (int look = -WARM_UP; look < LOOKS; look++) {
                moveOn(filled, look);
                double first = millis(() -> fleet(catalog));
                double second = millis(() -> fleet(catalog));
                if (look >= 0) {
                    answers[look] = first;
                    again[look] = second;
                }
            }
            for (int look = 0; look < infos.length; look++) {
                infos[look] = millis(() -> info(repository));
            }
            figures.line("newest good backup and proof of %,d stanzas, catalog, after each new event: %s"
                    .formatted(STANZAS, Figures.statistics(answers, "ms")));
            figures.line("  asked again before the next event: %s".formatted(Figures.statistics(again, "ms")));
            figures.line("pgbackrest info of as many:  %s".formatted(Figures.statistics(infos, "ms")));
        }
    }

    /** As the projection of one event does: the repository of a stanza is looked at. */
    private static void moveOn(FilledCatalog filled, int look) {
        filled.column("""
                with looked as (
                  update repositories set observed_at = now(), observed = observed || jsonb_build_object('occurredAt', to_json(now()) #>> '{}')
                  where stanza = '%s' returning *)
                insert into events (event_id, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, payload)
                select gen_random_uuid(), 'RepositoryObserved', true, 'holdfast.repository.events', 0, %2$d, now(), now(), stanza, observed from looked;
                update projection_status
                set position = position || jsonb_build_object('holdfast.repository.events', %2$d), last_event = (select last_value from events_seq)""".formatted(Lives.stanza((WARM_UP + look) % STANZAS), WARM_UP + look));
    }

    /** Two pages, whole, as a client has to take them; their reading is not the catalog's. */
    private static void fleet(RunningCatalog catalog) {
        String first = catalog.get("/api/v1/stanzas?limit=" + PAGE).body();
        String second = catalog.get("/api/v1/stanzas?limit=" + PAGE + "&cursor=" + Lives.stanza(PAGE - 1))
                .body();
        if (!first.contains(Lives.stanza(PAGE - 1)) || !second.contains(Lives.stanza(STANZAS - 1))) {
            throw new IllegalStateException("the catalog does not know %d stanzas".formatted(STANZAS));
        }
    }

    private static void info(PgBackRestRepository repository) {
        Shell.output(
                Map.of(), List.of("pgbackrest", "--config=" + repository.configuration(), "--output=json", "info"));
    }

    /** What info reads of a stanza, under a thousand names. */
    private static void copies(Path repository) {
        for (int number = 0; number < STANZAS; number++) {
            for (String part : List.of("backup", "archive")) {
                Path model = repository.resolve(part).resolve(MODEL);
                copy(model, repository.resolve(part).resolve(Lives.stanza(number)));
            }
        }
    }

    private static void copy(Path model, Path folder) {
        try (Stream<Path> files = Files.list(model)) {
            Files.createDirectories(folder);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + model, e);
        }
    }

    private static double millis(Runnable work) {
        long from = System.nanoTime();
        work.run();
        return (System.nanoTime() - from) / 1e6;
    }
}
