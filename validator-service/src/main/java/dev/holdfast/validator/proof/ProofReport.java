package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a test found.
 *
 * @param conclusion how it ended
 * @param rung the highest rung of trust reached
 * @param backup what was restored; empty if none could be chosen
 * @param reached where recovery ended; empty if PostgreSQL did not get that far
 * @param checks in order
 * @param startedAt when the test began
 * @param finishedAt when it ended
 * @param timings how long the parts took
 * @param content what the restored cluster holds
 * @param versions of PostgreSQL and pgBackRest as far as they were reached
 * @param sandbox where it ran; empty if there was no sandbox
 * @param digests of what was read
 * @param log what PostgreSQL wrote while it recovered
 */
public record ProofReport(
        Conclusion conclusion,
        Rung rung,
        Optional<Backup> backup,
        Optional<Reached> reached,
        List<Check> checks,
        Instant startedAt,
        Instant finishedAt,
        Timings timings,
        Content content,
        Versions versions,
        Optional<SandboxFacts> sandbox,
        Digests digests,
        List<String> log) {

    /** Versions of the programs in the sandbox; each is empty if it was not reached. */
    public record Versions(Optional<String> postgresql, Optional<String> pgbackrest) {

        /** Nothing was reached. */
        public static Versions none() {
            return new Versions(Optional.empty(), Optional.empty());
        }
    }

    /**
     * What the restored cluster holds.
     *
     * @param loss measured loss; empty where nothing allows to measure it
     * @param inventory catalog and tables; empty if they were not reached
     * @param demands where the user's assertions were written; empty if there are none
     */
    public record Content(Optional<DataLoss> loss, Optional<Inventory> inventory, Optional<String> demands) {

        /** Nothing was reached. */
        public static Content none() {
            return new Content(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * SHA-256 of what was read.
     *
     * @param manifest of the backup's manifest
     * @param archive of the archive's listing before the test
     */
    public record Digests(Optional<String> manifest, Optional<String> archive) {

        /** Nothing was read. */
        public static Digests none() {
            return new Digests(Optional.empty(), Optional.empty());
        }
    }

    /** Copies the lists. */
    public ProofReport {
        checks = List.copyOf(checks);
        log = List.copyOf(log);
    }

    /** The report of a test that never reached a sandbox. */
    public static ProofReport withoutProof(Conclusion conclusion, Instant startedAt, Instant finishedAt) {
        return new ProofReport(
                conclusion,
                Rung.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                startedAt,
                finishedAt,
                Timings.none(),
                Content.none(),
                Versions.none(),
                Optional.empty(),
                Digests.none(),
                List.of());
    }
}
