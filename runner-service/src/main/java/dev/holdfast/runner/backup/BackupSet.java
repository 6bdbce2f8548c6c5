package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One backup as the repository lists it.
 *
 * @param label pgBackRest's name of it; no time can be read off it, a resumed backup keeps its old label
 * @param kind the kind that was made, which may differ from the kind asked for
 * @param prior the label it builds on; null for a full
 * @param references every label that its restore needs besides itself
 * @param startedAt when pgBackRest began, whole seconds
 * @param finishedAt when pgBackRest ended, whole seconds
 * @param wal WAL it needs
 * @param sizes its sizes
 * @param repository number of the repository
 * @param postgresqlVersion PostgreSQL's major version
 * @param systemId PostgreSQL's system identifier, decimal; it does not fit a double
 * @param encryption the repository's cipher
 * @param damaged true if pages were damaged; null where pgBackRest does not say
 * @param damagedFiles the damaged files; filled only when the set was read on its own
 * @param annotations pgBackRest's annotations
 * @param toolVersion version of pgBackRest that made it
 */
public record BackupSet(
        String label,
        BackupKind kind,
        @Nullable String prior,
        List<String> references,
        Instant startedAt,
        Instant finishedAt,
        Wal wal,
        Sizes sizes,
        int repository,
        String postgresqlVersion,
        String systemId,
        String encryption,
        @Nullable Boolean damaged,
        List<String> damagedFiles,
        Map<String, String> annotations,
        String toolVersion) {

    /** Name of the annotation that every backup of a request carries. */
    public static final String ANNOTATION = "holdfast-request";

    /**
     * What a restore needs of the WAL archive.
     *
     * @param start first segment; null for a backup without archive check
     * @param stop last segment; null as above
     * @param lsnStart null where pgBackRest does not say
     * @param lsnStop null where pgBackRest does not say
     */
    public record Wal(
            @Nullable String start,
            @Nullable String stop,
            @Nullable String lsnStart,
            @Nullable String lsnStop) {

        /** The timeline, from the segment's first eight digits; empty where no segment tells. */
        public Optional<Integer> timeline() {
            return stop == null || stop.length() != 24
                    ? Optional.empty()
                    : Optional.of(Integer.parseUnsignedInt(stop.substring(0, 8), 16));
        }
    }

    /**
     * Sizes in bytes.
     *
     * @param database of the cluster
     * @param delta copied by this backup
     * @param repository what a restore reads; null with block incremental
     * @param repositoryDelta added to the repository
     */
    public record Sizes(long database, long delta, @Nullable Long repository, long repositoryDelta) {}

    /** Copies what it is given. */
    public BackupSet {
        references = List.copyOf(references);
        damagedFiles = List.copyOf(damagedFiles);
        annotations = Map.copyOf(annotations);
    }

    /** The request that made it; empty if it carries no annotation, or one that is no request's id. */
    public Optional<UUID> requestId() {
        try {
            return Optional.ofNullable(annotations.get(ANNOTATION)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
