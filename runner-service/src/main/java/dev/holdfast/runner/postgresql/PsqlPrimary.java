package dev.holdfast.runner.postgresql;

import dev.holdfast.runner.repository.Archiver;
import dev.holdfast.runner.repository.Primary;
import dev.holdfast.runner.repository.Production;
import dev.holdfast.runner.repository.RestorePoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster, through {@code psql}: no driver in memory for a few queries an hour. On this host over its socket; on another
 * as the libpq service {@code holdfast-STANZA}, where somebody has defined one.
 */
public final class PsqlPrimary implements Primary {

    private static final Logger LOGGER = LoggerFactory.getLogger(PsqlPrimary.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SERVICE = "holdfast-";

    private static final String PRODUCTION = """
            select bytes_per_wal_segment, timeline_id,
              archived_count, last_archived_wal, (extract(epoch from last_archived_time) * 1000000)::bigint,
              failed_count, last_failed_wal, (extract(epoch from last_failed_time) * 1000000)::bigint
            from pg_control_init(), pg_control_checkpoint(), pg_stat_archiver
            """;
    private static final String SYSTEM = "select system_identifier from pg_control_system()";
    private static final String SESSIONS =
            "select count(*) from pg_stat_activity where strpos(application_name, 'pgBackRest [backup') = 1";

    private final BiFunction<String, String, Optional<String>> setting;
    private final Optional<String> markerTable;
    private final Duration limit;
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    /**
     * @param setting pgBackRest's setting of a stanza by its key
     */
    public PsqlPrimary(BiFunction<String, String, Optional<String>> setting) {
        this(setting, Optional.empty());
    }

    /**
     * @param setting pgBackRest's setting of a stanza by its key
     * @param markerTable a table of one row that says which restore point was made last, with or without a schema before its
     *     name; empty if the runner must not write to the cluster
     */
    public PsqlPrimary(BiFunction<String, String, Optional<String>> setting, Optional<String> markerTable) {
        this(setting, markerTable, LIMIT);
    }

    /**
     * @param limit how long one query may take: a cluster that hangs must not hang the runner
     */
    PsqlPrimary(BiFunction<String, String, Optional<String>> setting, Optional<String> markerTable, Duration limit) {
        this.setting = setting;
        this.markerTable = markerTable;
        this.limit = limit;
    }

    @Override
    public Production production(String stanza) {
        return query(stanza, PRODUCTION)
                .map(row -> new Production(
                        Long.parseLong(row.get(0)),
                        Optional.of(Integer.parseInt(row.get(1))),
                        Optional.of(archiver(row.subList(2, 8)))))
                .orElse(Production.UNKNOWN);
    }

    private static Archiver archiver(List<String> row) {
        return new Archiver(
                Long.parseLong(row.get(0)),
                attempt(row.get(1), row.get(2)),
                Long.parseLong(row.get(3)),
                attempt(row.get(4), row.get(5)));
    }

    /** A null is the empty string. */
    private static Optional<Archiver.Attempt> attempt(String file, String micros) {
        return file.isEmpty() || micros.isEmpty()
                ? Optional.empty()
                : Optional.of(new Archiver.Attempt(file, instantOf(micros)));
    }

    @Override
    public Optional<String> systemId(String stanza) {
        return query(stanza, SYSTEM).map(List::getFirst);
    }

    @Override
    public Optional<RestorePoint> createRestorePoint(String stanza, String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        // committed before the point is made: whoever restores to the point finds the row
        markerTable.ifPresent(table -> LOGGER.atDebug()
                .addKeyValue("written", query(stanza, marked(table, plain)).isPresent())
                .log("the row that a restore looks for"));
        return query(stanza, restorePointNamed(plain))
                .map(row -> new RestorePoint(name, row.get(0), row.get(1), instantOf(row.get(2))));
    }

    @Override
    public boolean showsRunningBackup(String stanza) {
        return query(stanza, SESSIONS)
                .map(row -> Integer.parseInt(row.getFirst()) > 0)
                .orElse(false);
    }

    /** The restore point first, then the switch: both in the segment that is archived next. */
    private static String restorePointNamed(String name) {
        return """
                with point as materialized (select pg_create_restore_point('%s') as lsn, clock_timestamp() as at)
                select lsn, pg_walfile_name(lsn), (extract(epoch from at) * 1000000)::bigint, pg_switch_wal() from point
                """.formatted(name);
    }

    private static String marked(String table, String name) {
        return """
                set client_min_messages = warning;
                create table if not exists %1$s (
                  one boolean primary key default true check (one), name text not null, marked_at timestamptz not null);
                insert into %1$s (name, marked_at) values ('%2$s', clock_timestamp())
                  on conflict (one) do update set name = excluded.name, marked_at = excluded.marked_at
                """.formatted(table, name);
    }

    private static Instant instantOf(String micros) {
        long value = Long.parseLong(micros);
        return Instant.ofEpochSecond(value / 1_000_000, value % 1_000_000 * 1_000);
    }

    /** The first row of the answer; empty if there is no connection or the query failed, which is logged. */
    private Optional<List<String>> query(String stanza, String sql) {
        try {
            return answer(stanza, sql);
        } catch (IOException e) {
            return notAnswered(stanza, "psql cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<List<String>> answer(String stanza, String sql) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(stanza, sql))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        CompletableFuture<String> printed =
                CompletableFuture.supplyAsync(() -> textOf(process.getInputStream()), Thread::startVirtualThread);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return notAnswered(stanza, "psql did not end within %s and was stopped".formatted(limit));
        }
        String output = printed.join();
        return process.exitValue() == 0
                ? Optional.of(List.of(output.lines().findFirst().orElse("").split("\\|", -1)))
                : notAnswered(stanza, output);
    }

    private static String textOf(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("what psql printed could not be read", e);
        }
    }

    private List<String> command(String stanza, String sql) {
        List<String> command = new ArrayList<>(
                List.of("psql", "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--quiet"));
        if (isElsewhere(stanza)) {
            command.add("--dbname=service=" + SERVICE + stanza);
        } else {
            addOwnSocket(command, stanza);
        }
        command.add("--command=" + sql);
        return command;
    }

    private boolean isElsewhere(String stanza) {
        return setting.apply(stanza, "pg1-host").isPresent();
    }

    private void addOwnSocket(List<String> command, String stanza) {
        setting.apply(stanza, "pg1-socket-path").ifPresent(path -> command.add("--host=" + path));
        setting.apply(stanza, "pg1-port").ifPresent(port -> command.add("--port=" + port));
        userOf(stanza).ifPresent(user -> command.add("--username=" + user));
        command.add("--dbname=" + setting.apply(stanza, "pg1-database").orElse("postgres"));
    }

    /** The role that is configured, else the one named like the user that owns the cluster, as initdb makes it. */
    private Optional<String> userOf(String stanza) {
        Optional<String> configured = setting.apply(stanza, "pg1-user");
        return configured.isPresent()
                ? configured
                : setting.apply(stanza, "pg1-path").flatMap(PsqlPrimary::ownerOf);
    }

    private static Optional<String> ownerOf(String path) {
        try {
            return Optional.of(Files.getOwner(Path.of(path)).getName());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<List<String>> notAnswered(String stanza, String why) {
        if (isElsewhere(stanza) && why.contains("definition of service")) {
            sayOnceThatNobodyCanBeAsked(stanza);
        } else {
            LOGGER.atInfo()
                    .addKeyValue("stanza", stanza)
                    .addKeyValue("error", why)
                    .log("the cluster was not asked; backups go on, restore points need the connection");
        }
        return Optional.empty();
    }

    private void sayOnceThatNobodyCanBeAsked(String stanza) {
        if (silent.add(stanza)) {
            LOGGER.atWarn()
                    .addKeyValue("stanza", stanza)
                    .addKeyValue("host", setting.apply(stanza, "pg1-host").orElse(""))
                    .log(
                            "the cluster is on another host and libpq knows no service holdfast-"
                                    + stanza
                                    + ", so no restore points are made: data loss cannot be measured to one, and the running timeline is taken from the newest backup. Define the service in the runner's ~/.pg_service.conf to have them");
        }
    }
}
