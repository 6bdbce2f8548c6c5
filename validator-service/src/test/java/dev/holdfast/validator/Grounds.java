package dev.holdfast.validator;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A cluster with three backups, three segments of WAL and a restore point behind them. Made once; a test that damages
 * something damages a copy.
 */
final class Grounds {

    static final String STANZA = "grounds";
    static final String POINT = "holdfast-point";

    private static Optional<Grounds> shared = Optional.empty();

    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
    private final String bundled;
    private final String full;
    private final String incr;
    private final List<String> after;
    private final String middle;

    private Grounds() {
        cluster = PostgresCluster.builder()
                .archiving()
                .setting("max_wal_senders", "3")
                .start();
        repository = PgBackRestRepository.create(cluster, STANZA);
        // what a target time means must not depend on it
        cluster.sql("alter system set timezone = 'Asia/Kathmandu'");
        cluster.sql("alter system set log_timezone = 'America/St_Johns'");
        cluster.createDatabase("shop");
        useTablespace();
        cluster.sqlIn(
                "shop", "create table item as select n, repeat('x', 200) as text from generate_series(1, 20000) n");
        cluster.sqlIn("shop", "create index on item (n)");
        repository.run("--type=full", "--repo1-bundle", "backup");
        bundled = repository.labels().getLast();
        full = repository.backup("full");
        cluster.sqlIn("shop", "insert into item select n, 'more' from generate_series(1, 100) n");
        incr = repository.backup("incr");
        String first = commitAndSwitch("one");
        middle = cluster.sql(
                        "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || 'Z'")
                .getFirst();
        String second = commitAndSwitch("two");
        cluster.sql("select pg_create_restore_point('" + POINT + "')");
        String third = commitAndSwitch("three");
        after = List.of(first, second, third);
    }

    private void useTablespace() {
        // beside the data, so that it goes with them
        Path place = cluster.dataDirectory().resolveSibling("space");
        Command.output(DatabaseUser.as(List.of("mkdir", place.toString())));
        cluster.sql("create tablespace space location '%s'".formatted(place));
        cluster.sqlIn(
                "shop",
                "create table far tablespace space as select n, repeat('y', 200) as text from generate_series(1, 500) n");
    }

    /** The one of this test run. */
    static synchronized Grounds shared() {
        if (shared.isEmpty()) {
            shared = Optional.of(new Grounds());
        }
        return shared.get();
    }

    private String commitAndSwitch(String table) {
        cluster.sqlIn("shop", "create table " + table + " as select 1 as n");
        return repository.switchWal();
    }

    PostgresCluster cluster() {
        return cluster;
    }

    PgBackRestRepository repository() {
        return repository;
    }

    /** Label of an earlier full backup, whose small files lie together in one. */
    String bundled() {
        return bundled;
    }

    /** Label of the full backup. */
    String full() {
        return full;
    }

    /** Label of the incremental backup. */
    String incr() {
        return incr;
    }

    /** The last segment that a backup needs. */
    String walStop(String label) {
        String info = repository.info();
        int at = info.indexOf("\"label\":\"" + label + "\"");
        int stop = info.lastIndexOf("\"stop\":\"", at);
        return info.substring(stop + 8, stop + 32);
    }

    /** The segments behind the backups, in order. */
    List<String> after() {
        return after;
    }

    /** An instant between the commits of the first and the second of them. */
    String middle() {
        return middle;
    }

    /** A copy of the repository with a configuration of its own, for a test to damage. */
    RepositoryCopy copy() {
        return RepositoryCopy.of(repository);
    }
}
