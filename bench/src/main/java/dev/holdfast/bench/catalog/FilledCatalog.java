package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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

    private static final String FILLING = "filling";
    private static final Path MIGRATIONS = Path.of("catalog-service/src/main/resources/db/migration");

    /** Makes it, unless the cluster has it from an earlier run; takes about a minute a million rows. */
    static FilledCatalog make(PostgresCluster cluster, int rows) {
        String database = "rows_" + rows;
        if (cluster.sql("select 1 from pg_database where datname = '%s'".formatted(database))
                .isEmpty()) {
            fill(cluster, rows);
            // by its last name only once it is whole
            cluster.sql("alter database %s rename to %s".formatted(FILLING, database));
        }
        migrate(cluster, database);
        return new FilledCatalog(cluster, database, rows);
    }

    private static void fill(PostgresCluster cluster, int rows) {
        cluster.sql("drop database if exists " + FILLING);
        cluster.createDatabase(FILLING);
        cluster.sqlIn(FILLING, "create schema holdfast; create table migrations (name text primary key)");
        migrate(cluster, FILLING);
        psql(
                cluster,
                FILLING,
                "-v",
                "rows=" + rows,
                "-f",
                Lab.root().resolve("bench/lib/fill-catalog.sql").toString());
    }

    /** To the checkout's version: a database that was kept may be older. */
    private static void migrate(PostgresCluster cluster, String database) {
        List<String> done = cluster.sqlIn(database, "select name from migrations");
        for (Path migration : migrations()) {
            String name = migration.getFileName().toString();
            if (!done.contains(name)) {
                psql(cluster, database, "-c", "set search_path to holdfast", "-f", migration.toString());
                cluster.sqlIn(database, "insert into migrations values ('%s')".formatted(name));
            }
        }
    }

    private static List<Path> migrations() {
        try (Stream<Path> files = Files.list(Lab.root().resolve(MIGRATIONS))) {
            return files.sorted(Comparator.comparingInt(FilledCatalog::version)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no migrations in " + MIGRATIONS, e);
        }
    }

    /** Of a file such as V12__name.sql. */
    private static int version(Path migration) {
        String name = migration.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
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
