package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL 15 cluster in a temporary folder, on a free loopback port and a Unix socket, with page checksums and
 * without fsync. Runs as the user {@code postgres} where the test runs as root.
 */
public final class PostgresCluster implements AutoCloseable {

    /** The superuser of every cluster; anyone on loopback may connect as anyone. */
    public static final String SUPERUSER = "postgres";

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

    private final Path folder;
    private final int port;
    private final Map<String, String> settings;
    private final List<String> initdb;
    private final boolean kept;
    private final Runnable atExit = this::end;
    private Path programs;

    private PostgresCluster(
            Path programs, Path folder, int port, Map<String, String> settings, List<String> initdb, boolean kept) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        this.settings = settings;
        this.initdb = initdb;
        this.kept = kept;
    }

    /** What a cluster shall be like. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> initdb = new ArrayList<>();
        private boolean checksums = true;
        private Path programs = PROGRAMS;
        private @Nullable Path kept;

        private Builder() {}

        /** Turns {@code archive_mode} on; {@link PgBackRestRepository#create} then says where to. */
        public Builder archiving() {
            return setting("archive_mode", "on");
        }

        /** Leaves page checksums out. */
        public Builder withoutChecksums() {
            checksums = false;
            return this;
        }

        /** Another major version than the machine's, one that is older and leaves out what nobody needs to run it. */
        public Builder older() {
            programs = OlderPostgres.programs();
            return this;
        }

        /** Another size of WAL segments, megabytes, a power of two: small ones make many segments quickly. */
        public Builder walSegmentMegabytes(int megabytes) {
            initdb.add("--wal-segsize=" + megabytes);
            // the default of 80 MB must hold at least two segments
            return setting("min_wal_size", 2 * megabytes + "MB");
        }

        /** In this folder, which stays when the cluster is closed: what an earlier cluster left there is started again, with the settings of this one. */
        public Builder keptIn(Path folder) {
            kept = folder;
            return this;
        }

        /** A line of postgresql.conf. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Creates and starts it. */
        public PostgresCluster start() {
            if (!Files.isExecutable(programs.resolve("initdb"))) {
                throw new IllegalStateException(
                        "no PostgreSQL 15 in %s. Run deploy/local/prepare.".formatted(programs));
            }
            Path folder = kept == null ? DatabaseUser.newFolder("holdfast-pg-") : DatabaseUser.folder(kept);
            if (checksums) {
                initdb.add("--data-checksums");
            }
            PostgresCluster cluster = new PostgresCluster(
                    programs, folder, FreePorts.next(), Map.copyOf(settings), List.copyOf(initdb), kept != null);
            Cleanup.atExit(cluster.atExit);
            if (Files.exists(cluster.dataDirectory())) {
                cluster.configure();
            } else {
                cluster.create();
            }
            cluster.start();
            return cluster;
        }
    }

    /** A cluster to be described further. */
    public static Builder builder() {
        return new Builder();
    }

    /** An ordinary cluster that does not archive, created and started. */
    public static PostgresCluster started() {
        return builder().start();
    }

    /** Starts it again. Returns when it takes connections. */
    public void start() {
        pgCtl("start", "--wait", "--timeout=120", "--log=" + folder.resolve("postgresql.log"));
    }

    /** Stops it in good order, with a checkpoint. */
    public void stop() {
        pgCtl("stop", "--wait", "--mode=fast");
    }

    /** Kills it as a crash does; {@link #start} then recovers. */
    public void kill() {
        long postmaster = Long.parseLong(firstLine(dataDirectory().resolve("postmaster.pid")));
        ProcessHandle process = ProcessHandle.of(postmaster)
                .orElseThrow(() -> new IllegalStateException("PostgreSQL does not run, process " + postmaster));
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.addFirst(process);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
    }

    /**
     * Upgrades a cluster of an {@link Builder#older} major version to the machine's: what pgBackRest sees of pg_upgrade, a new
     * system identifier and version in the same folder, but without the old one's rows.
     */
    public void upgrade() {
        stop();
        programs = PROGRAMS;
        putAnother();
    }

    /** Puts another cluster in its place: a new system identifier; the same folder, port, version and settings. */
    public void replace() {
        stop();
        putAnother();
    }

    private void putAnother() {
        Path old = folder.resolve("replaced-" + System.nanoTime());
        Command.output(DatabaseUser.as(List.of("mv", dataDirectory().toString(), old.toString())));
        create();
        Command.output(DatabaseUser.as(List.of(
                "cp",
                old.resolve("postgresql.auto.conf").toString(),
                dataDirectory().toString())));
        start();
    }

    /** True if a server process runs on the data directory. */
    public boolean isRunning() {
        return Command.run(pgCtlCommand("status"), Map.of()).exitCode() == 0;
    }

    /** Creates a database. */
    public void createDatabase(String name) {
        sql("create database \"%s\"".formatted(name));
    }

    /** Runs SQL in the database {@code postgres} as superuser and gives the first column of what the last query returns, as text. */
    public List<String> sql(String statements) {
        return sqlIn("postgres", statements);
    }

    /** The same in another database. SQL null is given as the text {@code null}. */
    public List<String> sqlIn(String database, String statements) {
        try (Connection connection = connect(database);
                var statement = connection.createStatement()) {
            List<String> column = new ArrayList<>();
            boolean rows = statement.execute(statements);
            while (rows || statement.getUpdateCount() != -1) {
                if (rows) {
                    column = firstColumn(statement.getResultSet());
                }
                rows = statement.getMoreResults();
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException("%s in %s: %s".formatted(statements, database, e.getMessage()), e);
        }
    }

    /** A connection as superuser, which the caller closes. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, "");
    }

    /** JDBC URL of a database. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** The TCP port on loopback. */
    public int port() {
        return port;
    }

    /** The folder that holds the Unix socket. */
    public Path socketDirectory() {
        return folder;
    }

    /** The data directory. */
    public Path dataDirectory() {
        return folder.resolve("data");
    }

    /** What the server has logged. */
    public String log() {
        return LogFile.text(folder.resolve("postgresql.log"));
    }

    /** PostgreSQL's system identifier, decimal; different for every cluster. */
    public String systemIdentifier() {
        return sql("select system_identifier from pg_control_system()").getFirst();
    }

    /** A standby that follows this cluster, started. It archives nothing, and is closed before this one. */
    public PostgresCluster standby() {
        PostgresCluster standby = new PostgresCluster(
                programs, DatabaseUser.newFolder("holdfast-standby-"), FreePorts.next(), settings, initdb, false);
        Cleanup.atExit(standby.atExit);
        Command.output(DatabaseUser.as(List.of(
                programs.resolve("pg_basebackup").toString(),
                "--pgdata=" + standby.dataDirectory(),
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
                "--host=127.0.0.1",
                "--port=" + port,
                "--username=" + SUPERUSER)));
        // the last line of a name wins
        append(
                standby.dataDirectory().resolve("postgresql.conf"),
                "port = %d%nunix_socket_directories = '%s'%n".formatted(standby.port, standby.folder));
        standby.start();
        return standby;
    }

    /** Kills it and removes it; one that is kept is stopped in good order. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        if (Files.exists(dataDirectory().resolve("postmaster.pid"))) {
            // where nobody needs the files any more, no checkpoint
            Command.run(pgCtlCommand("stop", "--wait", "--mode=" + (kept ? "fast" : "immediate")), Map.of());
        }
        if (!kept) {
            Cleanup.delete(folder);
        }
    }

    private void create() {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + dataDirectory(),
                "--username=" + SUPERUSER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync"));
        command.addAll(initdb);
        Command.output(DatabaseUser.as(command));
        configure();
    }

    /** The last line of a name wins. */
    private void configure() {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "port", String.valueOf(port),
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", folder.toString(),
                "fsync", "off",
                // a test is one small load
                "shared_buffers", "16MB",
                "max_connections", "40"));
        all.putAll(settings);
        StringBuilder lines = new StringBuilder();
        all.forEach((name, value) -> lines.append("%s = '%s'%n".formatted(name, value)));
        append(dataDirectory().resolve("postgresql.conf"), lines.toString());
    }

    private void pgCtl(String... arguments) {
        Command.output(pgCtlCommand(arguments));
    }

    private List<String> pgCtlCommand(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(programs.resolve("pg_ctl").toString(), "--pgdata=" + dataDirectory(), "--silent"));
        command.addAll(List.of(arguments));
        return DatabaseUser.as(command);
    }

    private static List<String> firstColumn(java.sql.ResultSet rows) throws SQLException {
        List<String> column = new ArrayList<>();
        while (rows.next()) {
            column.add(String.valueOf(rows.getString(1)));
        }
        return column;
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
