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
                Versions.none(),
                Optional.empty(),
                Digests.none(),
                List.of());
    }
}
