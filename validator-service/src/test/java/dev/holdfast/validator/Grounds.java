package dev.holdfast.validator;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A cluster with two backups, three segments of WAL and a restore point behind them. Made once; a test that damages
 * something damages a copy.
 */
final class Grounds {

    static final String STANZA = "grounds";
    static final String POINT = "holdfast-point";

    private static Optional<Grounds> shared = Optional.empty();

    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
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
        cluster.createDatabase("shop");
        cluster.sqlIn(
                "shop", "create table item as select n, repeat('x', 200) as text from generate_series(1, 20000) n");
        cluster.sqlIn("shop", "create index on item (n)");
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

    /** Label of the full backup. */
    String full() {
        return full;
    }

    /** Label of the incremental backup. */
    String incr() {
        return incr;
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
    Copy copy() {
        return Copy.of(repository);
    }

    /**
     * A repository that nobody else uses.
     *
     * @param folder everything is in here
     */
    record Copy(Path folder) implements AutoCloseable {

        static Copy of(PgBackRestRepository original) {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"), "holdfast-copy-" + UUID.randomUUID());
            run("mkdir", folder.toString());
            run("chmod", "0755", folder.toString());
            run(
                    "cp",
                    "-a",
                    original.path().toString(),
                    folder.resolve("repository").toString());
            Copy copy = new Copy(folder);
            copy.configure(Map.of());
            return copy;
        }

        void configure(Map<String, String> further) {
            StringBuilder text = new StringBuilder("[global]\nrepo1-path=%s\n".formatted(repository()));
            further.forEach(
                    (name, value) -> text.append(name).append('=').append(value).append('\n'));
            text.append("[").append(STANZA).append("]\npg1-path=/nowhere\n");
            try {
                Files.writeString(configuration(), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Path repository() {
            return folder.resolve("repository");
        }

        Path configuration() {
            return folder.resolve("pgbackrest.conf");
        }

        /** The file of a WAL segment. */
        Path segment(String name) {
            return find("archive", name + "-").getFirst();
        }

        /** The largest data file of a backup. */
        Path largestFile(String label) {
            return find("backup/" + STANZA + "/" + label + "/pg_data", "").stream()
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }

        void delete(Path path) {
            run("rm", "-r", path.toString());
        }

        void flip(Path file) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= (byte) 0xFF;
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private List<Path> find(String under, String prefix) {
            try (var tree = Files.walk(repository().resolve(under))) {
                return tree.filter(Files::isRegularFile)
                        .filter(path -> path.getFileName().toString().startsWith(prefix))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            run("rm", "-rf", folder.toString());
        }

        private static void run(String... command) {
            try {
                Process process = new ProcessBuilder(command).inheritIO().start();
                if (process.waitFor() != 0) {
                    throw new IllegalStateException("failed: " + List.of(command));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
