package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.runner.backup.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds a full or read-only disk behind a failure that does not name it. With a full repository a backup fails because its WAL
 * did not arrive in time (82), which looks as if trying again would help.
 */
final class DiskDiagnosis {

    private static final int MOST_REPOSITORIES = 256;
    /** Less than two segments of WAL: archiving stands still. */
    private static final long TOO_LITTLE = 32L * 1024 * 1024;

    private static final Pattern INODES = Pattern.compile("(\\d+) (\\d+)");
    private static final String DEFAULT_REPOSITORY = "/var/lib/pgbackrest";
    private static final String DEFAULT_SPOOL = "/var/spool/pgbackrest";

    private final BiFunction<String, String, Optional<String>> setting;

    /**
     * @param setting pgBackRest's setting of a stanza by its key
     */
    DiskDiagnosis(BiFunction<String, String, Optional<String>> setting) {
        this.setting = setting;
    }

    /** The failure, with the disk as its cause where one cannot be written. */
    Failure applied(String stanza, Failure failure) {
        boolean mayBeADisk = failure.category() == Category.RETRYABLE || failure.category() == Category.STORAGE;
        return mayBeADisk
                ? folders(stanza)
                        .flatMap(folder -> troubleOf(folder).stream())
                        .findFirst()
                        .map(trouble -> caused(failure, trouble))
                        .orElse(failure)
                : failure;
    }

    private record Trouble(String found, String hint) {}

    private static Failure caused(Failure failure, Trouble trouble) {
        return new Failure(
                failure.exitCode(),
                failure.errorName(),
                Category.STORAGE,
                trouble.found() + "; pgBackRest said: " + failure.message(),
                failure.logTail(),
                trouble.hint());
    }

    /** Folders of this host that a backup and the archiving of its WAL write to. */
    private Stream<Path> folders(String stanza) {
        Stream<Path> repositories = IntStream.rangeClosed(1, MOST_REPOSITORIES)
                .filter(number -> isLocal(stanza, number))
                .mapToObj(number -> value(stanza, "repo%d-path".formatted(number)))
                .flatMap(Optional::stream)
                .map(Path::of);
        boolean spooled = value(stanza, "archive-async").filter("y"::equals).isPresent();
        return spooled
                ? Stream.concat(
                        repositories,
                        Stream.of(Path.of(value(stanza, "spool-path").orElse(DEFAULT_SPOOL))))
                : repositories;
    }

    private boolean isLocal(String stanza, int repository) {
        String type = value(stanza, "repo%d-type".formatted(repository)).orElse("posix");
        return (type.equals("posix") || type.equals("cifs"))
                && value(stanza, "repo%d-host".formatted(repository)).isEmpty();
    }

    private Optional<String> value(String stanza, String key) {
        Optional<String> set = setting.apply(stanza, key);
        return key.equals("repo1-path") ? set.or(() -> Optional.of(DEFAULT_REPOSITORY)) : set;
    }

    /** Java does not say. An empty file, which is all that asynchronous archiving needs in its spool, takes no byte but an inode. */
    private static boolean hasNoFileLeft(Path folder) throws IOException {
        Process stat = new ProcessBuilder("stat", "--file-system", "--format=%c %d", folder.toString())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = stat.getInputStream()) {
            Matcher inodes = INODES.matcher(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
            // a file system that makes them as it needs them counts none at all
            return inodes.matches()
                    && !inodes.group(1).equals("0")
                    && inodes.group(2).equals("0");
        }
    }

    private static Optional<Trouble> troubleOf(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            if (store.isReadOnly()) {
                return Optional.of(new Trouble(
                        "the file system under %s is mounted read-only".formatted(folder),
                        SystemError.READ_ONLY.hint()));
            }
            if (hasNoFileLeft(folder)) {
                return Optional.of(
                        new Trouble(
                                "the file system under %s takes no more files: it has none of its inodes left"
                                        .formatted(folder),
                                "Find the folder with very many small files on that file system (du --inodes) and remove those that nobody needs, or make the file system anew with more inodes. Until then PostgreSQL keeps its WAL, and the disk under pg_wal fills. Never remove files from a repository, from the spool or from pg_wal by hand."));
            }
            long left = store.getUsableSpace();
            return left >= TOO_LITTLE
                    ? Optional.empty()
                    : Optional.of(new Trouble(
                            "the disk under %s is full: %d KB left".formatted(folder, left / 1024),
                            "Free space under %s: lower repoN-retention-full and run pgbackrest expire, or enlarge the disk. Until then PostgreSQL keeps its WAL, and the disk under pg_wal fills as well. Never remove files from a repository or from pg_wal by hand."
                                    .formatted(folder)));
        } catch (IOException e) {
            // closed to the runner or not there: pgBackRest's own message says so better
            return Optional.empty();
        }
    }
}
