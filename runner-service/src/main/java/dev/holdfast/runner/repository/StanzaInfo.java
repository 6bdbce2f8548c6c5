package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.BackupSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code pgbackrest info} says of one stanza.
 *
 * @param name the stanza
 * @param status over all repositories
 * @param lockHeld true if a backup runs on this host, or orphans of one still hold its lock
 * @param repositories each repository's own status
 * @param databases the clusters that the stanza has had, over all repositories
 * @param archives the WAL archives
 * @param backups the backups, in the order in which pgBackRest lists them
 */
public record StanzaInfo(
        String name,
        Status status,
        boolean lockHeld,
        List<Repository> repositories,
        List<Database> databases,
        List<Archive> archives,
        List<BackupSet> backups) {

    /**
     * pgBackRest's status: its exit code is 0 in all states.
     *
     * @param code 0 ok, 1 missing stanza path, 2 no valid backups, 3 missing stanza data, 4 different across
     *     repositories, 5 database mismatch, 6 requested backup not found, 99 other
     * @param message its words
     */
    public record Status(int code, String message) {

        /** The code for whatever has none of its own. */
        public static final int OTHER = 99;

        /** The stanza has at least been created, so that what is listed is what there is. */
        public boolean isReadable() {
            return code == 0 || code == 2;
        }
    }

    /** One repository: its number, cipher and status. */
    public record Repository(int key, String cipher, Status status) {

        private Repository worded(UnaryOperator<String> words) {
            return new Repository(key, cipher, new Status(status.code(), words.apply(status.message())));
        }
    }

    /** One cluster in a repository's history: the highest id is the current one. */
    public record Database(int id, int repositoryKey, String systemId, String version) {

        /** The folder of its WAL in the repository, such as 15-1. */
        public String archive() {
            return "%s-%d".formatted(version, id);
        }
    }

    /** One WAL archive, such as 15-1; first and last segment by name, null if none. Holes between them do not show. */
    public record Archive(
            String id,
            int databaseId,
            int repositoryKey,
            @Nullable String min,
            @Nullable String max) {}

    /** Copies what it is given. */
    public StanzaInfo {
        repositories = List.copyOf(repositories);
        databases = List.copyOf(databases);
        archives = List.copyOf(archives);
        backups = List.copyOf(backups);
    }

    /** The same, its repositories' messages put in other words: some quote what the tool was told. */
    public StanzaInfo worded(UnaryOperator<String> words) {
        return new StanzaInfo(
                name,
                status,
                lockHeld,
                repositories.stream()
                        .map(repository -> repository.worded(words))
                        .toList(),
                databases,
                archives,
                backups);
    }

    /** The archive with the WAL of a backup, such as 15-1: named by its cluster; empty if the repository does not know that one. */
    Optional<String> archiveOf(BackupSet set) {
        return databases.stream()
                .filter(database -> database.repositoryKey() == set.repository()
                        && database.systemId().equals(set.systemId())
                        && database.version().equals(set.postgresqlVersion()))
                .findFirst()
                .map(Database::archive);
    }

    /** The backup that a request made; empty if none carries its annotation. */
    public Optional<BackupSet> madeBy(UUID requestId) {
        return backups.stream()
                .filter(set -> set.requestId().filter(requestId::equals).isPresent())
                .findFirst();
    }

    /** Of each repository the cluster that it archives now, by repository. */
    public List<Database> currentDatabases() {
        return databases.stream()
                .collect(Collectors.toMap(
                        Database::repositoryKey,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparingInt(Database::id)),
                        TreeMap::new))
                .values()
                .stream()
                .toList();
    }

    /** The system identifier of the stanza's current cluster, decimal; empty if the stanza has none yet. */
    public Optional<String> systemId() {
        return databases.stream().max(Comparator.comparingInt(Database::id)).map(Database::systemId);
    }
}
