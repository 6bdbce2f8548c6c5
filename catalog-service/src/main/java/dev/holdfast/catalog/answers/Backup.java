package dev.holdfast.catalog.answers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup: a set in a repository, or a run that left none or has not yet.
 *
 * @param stanza the stanza
 * @param label pgBackRest's name of the set; null for a run without one
 * @param repository number of the repository; null where nobody has named one
 * @param requestedType the kind asked for; null if nobody asked
 * @param type the kind that was made, or is being made
 * @param status COMPLETE, COMPLETE_WITH_ERRORS, FAILED, EXPIRED, VANISHED or RUNNING
 * @param origin why there is a request: SCHEDULE, AD_HOC, RETRY, CATCH_UP; null if nobody asked
 * @param requestId the request; null for a backup that Holdfast found
 * @param requestedBy who asked; null if nobody did
 * @param reason why, in the requester's words
 * @param startedAt null where unknown
 * @param finishedAt null while it runs
 * @param goneAt when it was seen to be expired or vanished; null while it is there
 * @param sizes in bytes
 * @param wal what a restore needs and reaches
 * @param chain what it builds on
 * @param made with what it was made
 * @param labels the requester's own
 * @param damagedFiles what pgBackRest found damaged
 * @param proof what the last telling restore test says; null if there was none
 * @param failure why it came to nothing, or is gone; null otherwise
 * @param progress of a run; null otherwise
 */
public record Backup(
        String stanza,
        @Nullable String label,
        @Nullable Integer repository,
        @Nullable String requestedType,
        @Nullable String type,
        String status,
        @Nullable String origin,
        @Nullable UUID requestId,
        @Nullable String requestedBy,
        @Nullable String reason,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant goneAt,
        @JsonUnwrapped Sizes sizes,
        @JsonUnwrapped Wal wal,
        @JsonUnwrapped Chain chain,
        @JsonUnwrapped Made made,
        Map<String, String> labels,
        List<String> damagedFiles,
        @Nullable Proof proof,
        @Nullable Failure failure,
        @Nullable Progress progress) {

    /** Copies the collections. */
    public Backup {
        labels = Map.copyOf(labels);
        damagedFiles = List.copyOf(damagedFiles);
    }

    /**
     * Sizes in bytes, each null where unknown.
     *
     * @param databaseBytes of the cluster
     * @param deltaBytes of the cluster, copied by this backup
     * @param repositoryBytes in the repository, read by a restore
     * @param repositoryDeltaBytes in the repository, added by this backup
     */
    public record Sizes(
            @Nullable Long databaseBytes,
            @Nullable Long deltaBytes,
            @Nullable Long repositoryBytes,
            @Nullable Long repositoryDeltaBytes) {}

    /**
     * Its place in the WAL, each null where unknown.
     *
     * @param walStart first segment that a restore needs
     * @param walStop last segment that a restore to the backup's end needs
     * @param lsnStart where it began
     * @param lsnStop where it ended
     * @param timeline of the cluster
     */
    public record Wal(
            @Nullable String walStart,
            @Nullable String walStop,
            @Nullable String lsnStart,
            @Nullable String lsnStop,
            @Nullable Integer timeline) {}

    /**
     * What it builds on.
     *
     * @param prior the label before it; null for a full
     * @param references every other label that a restore needs
     * @param typeChangeReason why another kind was made than asked for; null if it was not
     */
    public record Chain(
            @Nullable String prior,
            List<String> references,
            @Nullable String typeChangeReason) {

        /** Copies the references. */
        public Chain {
            references = List.copyOf(references);
        }
    }

    /**
     * With what it was made, each null where unknown.
     *
     * @param postgresqlVersion major version
     * @param pgbackrestVersion version
     * @param systemId PostgreSQL's system identifier, decimal
     * @param encryption cipher of the repository
     * @param compression in use
     * @param recovered true if it was published after a crash, for a backup that had ended before
     */
    public record Made(
            @Nullable String postgresqlVersion,
            @Nullable String pgbackrestVersion,
            @Nullable String systemId,
            @Nullable String encryption,
            @Nullable String compression,
            boolean recovered) {}
}
