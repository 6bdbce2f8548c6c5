package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A database with as many rows as are wanted, made by SQL alone and not by the projector, and a catalog that answers from it.
 *
 * @param cluster where it lies
 * @param database its name
 * @param rows of each kind
 */
record FilledCatalog(PostgresCluster cluster, String database, int rows) {

    private static final Path MIGRATIONS = Path.of("catalog-service/src/main/resources/db/migration");

    /** Makes it; takes about a minute a million rows. */
    static FilledCatalog make(PostgresCluster cluster, int rows) {
        String database = "rows_" + rows;
        cluster.createDatabase(database);
        cluster.sqlIn(database, "create schema holdfast");
        for (Path migration : migrations()) {
            psql(cluster, database, "-c", "set search_path to holdfast", "-f", migration.toString());
        }
        psql(
                cluster,
                database,
                "-v",
                "rows=" + rows,
                "-f",
                Lab.root().resolve("bench/lib/fill-catalog.sql").toString());
        return new FilledCatalog(cluster, database, rows);
    }

    private static List<Path> migrations() {
        try (Stream<Path> files = Files.list(Lab.root().resolve(MIGRATIONS))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no migrations in " + MIGRATIONS, e);
        }
    }

    private static void psql(PostgresCluster cluster, String database, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(
                "psql",
                "-qXAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(cluster.port()),
                "-U",
                PostgresCluster.SUPERUSER,
                "-d",
                database));
        command.addAll(List.of(arguments));
        Shell.output(Map.of(), command);
    }

    /** The first column of a query's rows. */
    List<String> column(String sql) {
        return cluster.sqlIn(database, "set search_path to holdfast; " + sql);
    }

    RunningCatalog answering() {
        return Lab.answering(cluster, database);
    }
}
