package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A pgBackRest stanza of one cluster: its repository, configuration file and working folders, all temporary. */
public final class PgBackRestRepository implements AutoCloseable {

    // anchored: while pgBackRest writes one, its name ends in .pgbackrest.tmp
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}-[0-9a-f]{40}(\\.[a-z0-9]+)?");
    private static final Pattern LABEL = Pattern.compile("\"label\":\"([^\"]+)\"");
    private static final Duration ARCHIVED_WITHIN = Duration.ofMinutes(2);

    private final PostgresCluster cluster;
    private final String stanza;
    private final Path folder;
    private final Path path;
    private final Runnable end;

    private PgBackRestRepository(PostgresCluster cluster, String stanza, Path folder, Path path, Runnable end) {
        this.cluster = cluster;
        this.stanza = stanza;
        this.folder = folder;
        this.path = path;
        this.end = end;
    }

    /**
     * Configures pgBackRest for the cluster, lets it archive there, and creates the stanza.
     *
     * @param cluster running, with {@link PostgresCluster.Builder#archiving}
     * @param stanza the stanza's name
     */
    public static PgBackRestRepository create(PostgresCluster cluster, String stanza) {
        PgBackRestRepository repository = configured(cluster, stanza, Map.of());
        repository.stanzaCreate();
        return repository;
    }

    /**
     * The same without the stanza.
     *
     * @param options further options of the section {@code [global]}, such as {@code repo1-retention-full}
     */
    public static PgBackRestRepository configured(PostgresCluster cluster, String stanza, Map<String, String> options) {
        PgBackRestRepository repository = inOwnFolder(cluster, stanza, UnaryOperator.identity());
        Map<String, String> all = new TreeMap<>(options);
        all.put("repo1-path", repository.path().toString());
        repository.writeConfiguration(all, section(stanza, cluster));
        repository.archiveHere();
        return repository;
    }

    /**
     * A repository in the server's bucket, without the stanza. What reads or damages its files does so in the bucket's
     * folder.
     *
     * @param options further options of the section {@code [global]}, keys among them; the file is its owner's alone
     */
    public static PgBackRestRepository configuredIn(
            S3Server server, PostgresCluster cluster, String stanza, Map<String, String> options) {
        PgBackRestRepository repository =
                inOwnFolder(cluster, stanza, folder -> server.bucket().resolve(stanza));
        Map<String, String> all = new TreeMap<>(server.options());
        all.put("repo1-path", "/" + stanza);
        all.putAll(options);
        repository.writeConfiguration(all, section(stanza, cluster));
        DatabaseUser.keepSecret(repository.configuration());
        repository.archiveHere();
        return repository;
    }

    /**
     * A repository on a host of its own, with its stanza. {@link #configuration} is that host's; the database host has
     * another, {@link #databaseConfiguration}, and archives by it.
     *
     * @param transport answers on both hosts from now on, until somebody closes it
     * @param options further options of the repository host's section {@code [global]}
     */
    public static PgBackRestRepository createOnItsOwnHost(
            Transport transport, PostgresCluster cluster, String stanza, Map<String, String> options) {
        PgBackRestRepository repository = inOwnFolder(cluster, stanza, UnaryOperator.identity());
        Command.output(
                DatabaseUser.as(List.of("mkdir", repository.databaseHost().toString())));
        repository.makeFolders(repository.databaseHost());
        Map<String, String> global = new TreeMap<>(options);
        global.put("repo1-path", repository.path().toString());
        global.putAll(transport.ownOptions(Transport.Host.REPOSITORY, stanza));
        repository.writeConfiguration(
                global,
                section(stanza, cluster)
                        + lines(prefixed(
                                "pg1-",
                                transport.optionsToReach(
                                        Transport.Host.DATABASE, repository.databaseConfiguration()))));
        Map<String, String> there = new TreeMap<>(transport.ownOptions(Transport.Host.DATABASE, stanza));
        there.putAll(
                prefixed("repo1-", transport.optionsToReach(Transport.Host.REPOSITORY, repository.configuration())));
        writeConfiguration(
                repository.databaseConfiguration(), repository.databaseHost(), there, section(stanza, cluster));
        transport.start(Transport.Host.DATABASE, repository.databaseConfiguration());
        transport.start(Transport.Host.REPOSITORY, repository.configuration());
        repository.archiveBy(repository.databaseConfiguration());
        repository.stanzaCreate();
        return repository;
    }

    /** pgBackRest's configuration file on the database host, where that is another than the repository's. */
    public Path databaseConfiguration() {
        return databaseHost().resolve("pgbackrest.conf");
    }

    /** The folder of pgBackRest's locks on the database host, where that is another than the repository's. */
    public Path databaseLockPath() {
        return databaseHost().resolve("lock");
    }

    private Path databaseHost() {
        return folder.resolve("database-host");
    }

    private static PgBackRestRepository inOwnFolder(
            PostgresCluster cluster, String stanza, UnaryOperator<Path> repositoryPath) {
        requireArchiving(cluster);
        Path folder = DatabaseUser.newFolder("holdfast-repo-");
        Path own = folder.resolve("repository");
        Path path = repositoryPath.apply(own);
        PgBackRestRepository repository =
                new PgBackRestRepository(cluster, stanza, folder, path, () -> Cleanup.delete(folder));
        Cleanup.atExit(repository.end);
        repository.makeFolders(folder);
        if (path.equals(own)) {
            Command.output(DatabaseUser.as(List.of("mkdir", own.toString())));
        }
        repository.writeWrapper();
        return repository;
    }

    private void makeFolders(Path host) {
        Command.output(DatabaseUser.as(List.of("mkdir", host + "/log", host + "/lock", host + "/spool")));
    }

    /**
     * Adds another cluster's stanza to the same configuration file and repository, lets the cluster archive there, and
     * creates the stanza. Its {@link #close} ends nothing: the files go with the first stanza's.
     *
     * @param other running, with {@link PostgresCluster.Builder#archiving}
     * @param otherStanza the stanza's name
     */
    public PgBackRestRepository alsoFor(PostgresCluster other, String otherStanza) {
        requireArchiving(other);
        PgBackRestRepository repository = new PgBackRestRepository(other, otherStanza, folder, path, () -> {});
        append(configuration(), section(otherStanza, other));
        repository.archiveHere();
        repository.stanzaCreate();
        return repository;
    }

    /** A program that is pgBackRest, run as the cluster's operating system user whoever calls it. */
    public Path executable() {
        return folder.resolve("pgbackrest");
    }

    /** The configuration file, readable for everyone. */
    public Path configuration() {
        return folder.resolve("pgbackrest.conf");
    }

    /**
     * Another configuration file beside it: the same but for these options, which replace its own wherever they stand. Its
     * owner's alone to read, for it may hold keys.
     *
     * @param name of the file
     */
    public Path configurationWith(String name, Map<String, String> options) {
        Map<String, String> further = new TreeMap<>(options);
        StringBuilder text = new StringBuilder();
        for (String line : read(configuration()).lines().toList()) {
            String option = line.split("=", 2)[0];
            String value = further.remove(option);
            text.append(value == null ? line : option + "=" + value).append('\n');
        }
        int global = text.indexOf("[global]\n") + "[global]\n".length();
        text.insert(global, lines(further));
        Path file = folder.resolve(name);
        write(file, text.toString());
        DatabaseUser.keepSecret(file);
        return file;
    }

    /** The folder of the repository: {@code repo1-path}, or what a store's files show in. */
    public Path path() {
        return path;
    }

    /** The folder of pgBackRest's locks. */
    public Path lockPath() {
        return folder.resolve("lock");
    }

    /** The folder of what waits for asynchronous archiving. */
    public Path spoolPath() {
        return folder.resolve("spool");
    }

    /** The folder of pgBackRest's own logs. */
    public Path logPath() {
        return folder.resolve("log");
    }

    /** The stanza's name. */
    public String stanza() {
        return stanza;
    }

    /** The cluster. */
    public PostgresCluster cluster() {
        return cluster;
    }

    /** Creates the stanza in the repository. */
    public void stanzaCreate() {
        run("stanza-create");
    }

    /**
     * Makes a backup.
     *
     * @param type full, diff or incr
     * @return its label
     */
    public String backup(String type, Map<String, String> annotations) {
        List<String> arguments = new ArrayList<>(List.of("--type=" + type));
        annotations.forEach((key, value) -> arguments.add("--annotation=" + key + "=" + value));
        arguments.add("backup");
        run(arguments.toArray(String[]::new));
        return labels().getLast();
    }

    /** Makes a backup without annotations. */
    public String backup(String type) {
        return backup(type, Map.of());
    }

    /** Labels of the backups that pgBackRest lists, the oldest first. */
    public List<String> labels() {
        return LABEL.matcher(info()).results().map(found -> found.group(1)).toList();
    }

    /** What {@code pgbackrest info --output=json} says. */
    public String info() {
        return run("--output=json", "info");
    }

    /** Runs any command of pgBackRest on the stanza and gives its output; fails with it if the exit status is not 0. */
    public String run(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(executable().toString(), "--config=" + configuration(), "--stanza=" + stanza));
        command.addAll(List.of(arguments));
        return Command.output(command);
    }

    /**
     * Ends the WAL segment in use and waits until it is archived.
     *
     * @return its name
     */
    public String switchWal() {
        String segment = cluster.sql(
                        "select pg_logical_emit_message(false, 'holdfast', 'x'); select pg_walfile_name(pg_switch_wal())")
                .getFirst();
        Awaitility.await("archived " + segment)
                .atMost(ARCHIVED_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> walSegments().contains(segment));
        return segment;
    }

    /** Names of the archived WAL segments, 24 hexadecimal digits, in order. */
    public List<String> walSegments() {
        return segmentFiles().stream()
                .map(file -> file.getFileName().toString().substring(0, 24))
                .sorted()
                .toList();
    }

    /** Removes a segment from the archive. */
    public void deleteWalSegment(String name) {
        Path file = segmentFiles().stream()
                .filter(candidate -> candidate.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not archived: " + name));
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    /** The data files of a backup in the repository, the largest first. */
    public List<Path> backupFiles(String label) {
        Path data = path().resolve("backup").resolve(stanza).resolve(label).resolve("pg_data");
        return filesUnder(data).stream()
                .sorted(Comparator.comparingLong(PgBackRestRepository::size).reversed())
                .toList();
    }

    /** Damages a file: turns over the bits of one byte in its middle. */
    public void flipByteIn(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= (byte) 0xFF;
            Files.write(file, bytes, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage " + file, e);
        }
    }

    /** Numeric owner of the repository, {@code uid:gid}, as a container's {@code --user} takes it. */
    public String repositoryOwner() {
        return Command.output(List.of("stat", "--format=%u:%g", path().toString()))
                .strip();
    }

    /**
     * One line for every file of the WAL archive (path, size, modification time, SHA-256), sorted, once the cluster has
     * archived what it had to: a backup ends before its history file has reached the archive.
     */
    public List<String> archiveListing() {
        Awaitility.await("nothing left to archive").atMost(ARCHIVED_WITHIN).until(this::nothingWaits);
        return filesUnder(path().resolve("archive")).stream()
                .map(file -> FileDigest.line(path(), file))
                .sorted()
                .toList();
    }

    /** Digest of {@link #archiveListing}: the same as long as no byte and no time of the archive has changed. */
    public String listingDigest() {
        return FileDigest.of(String.join("\n", archiveListing()));
    }

    /** Removes it; the cluster's archiving ends. */
    @Override
    public void close() {
        Cleanup.forget(end);
        end.run();
    }

    private static void requireArchiving(PostgresCluster cluster) {
        if (!"on".equals(cluster.sql("show archive_mode").getFirst())) {
            throw new IllegalStateException("the cluster does not archive; build it with archiving()");
        }
    }

    private void writeWrapper() {
        String drop = String.join(" ", DatabaseUser.as(List.of("pgbackrest")));
        write(executable(), """
                #!/bin/sh
                # pgBackRest as the user that owns the cluster
                if [ "$(id -un)" = "%s" ]; then exec pgbackrest "$@"; fi
                exec %s "$@"
                """.formatted(DatabaseUser.name(), drop));
        Command.output(List.of("chmod", "0755", executable().toString()));
    }

    private void writeConfiguration(Map<String, String> global, String section) {
        writeConfiguration(configuration(), folder, global, section);
    }

    private static void writeConfiguration(Path file, Path host, Map<String, String> global, String section) {
        write(file, """
                [global]
                log-path=%1$s/log
                lock-path=%1$s/lock
                spool-path=%1$s/spool
                log-level-file=detail
                start-fast=y
                archive-timeout=60
                %2$s
                """.formatted(host, lines(global)) + section);
        Command.output(List.of("chmod", "0644", file.toString()));
    }

    private static String lines(Map<String, String> options) {
        StringBuilder lines = new StringBuilder();
        options.forEach((name, value) -> lines.append("%s=%s%n".formatted(name, value)));
        return lines.toString();
    }

    private static Map<String, String> prefixed(String prefix, Map<String, String> options) {
        Map<String, String> prefixed = new TreeMap<>();
        options.forEach((name, value) -> prefixed.put(prefix + name, value));
        return prefixed;
    }

    private static String section(String stanza, PostgresCluster cluster) {
        return """
                [%s]
                pg1-path=%s
                pg1-port=%d
                pg1-socket-path=%s
                """.formatted(stanza, cluster.dataDirectory(), cluster.port(), cluster.socketDirectory());
    }

    private void archiveHere() {
        archiveBy(configuration());
    }

    private void archiveBy(Path file) {
        String command = "%s --config=%s --stanza=%s archive-push %%p".formatted(executable(), file, stanza);
        cluster.sql("alter system set archive_command = '%s'".formatted(command));
        cluster.sql("select pg_reload_conf()");
        Awaitility.await("archive_command in force")
                .until(() -> cluster.sql("show archive_command").contains(command));
    }

    private List<Path> segmentFiles() {
        return filesUnder(path().resolve("archive").resolve(stanza)).stream()
                .filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
                .toList();
    }

    private boolean nothingWaits() {
        return filesUnder(cluster.dataDirectory().resolve("pg_wal/archive_status")).stream()
                .noneMatch(file -> file.getFileName().toString().endsWith(".ready"));
    }

    /** Without those that go away meanwhile: pgBackRest gives a file its name when it is whole, PostgreSQL archives. */
    private static List<Path> filesUnder(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
                    if (trouble instanceof NoSuchFileException && !file.equals(folder)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw trouble;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
        return files;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot measure " + file, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void append(Path file, String text) {
        write(file, text, StandardOpenOption.APPEND);
    }

    private static void write(Path file, String text, OpenOption... options) {
        try {
            Files.writeString(file, text, options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
