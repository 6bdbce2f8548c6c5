package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stanza can be restored to an instant.
 *
 * @param stanza the stanza
 * @param at the instant
 * @param answer INFEASIBLE, FEASIBLE or PROVEN
 * @param reason why, for people
 * @param backup the backup to restore; null if it cannot be done
 * @param walFrom first segment that is needed; null if it cannot be done
 * @param walTo last segment that may be needed; null if it cannot be done
 * @param commands what to run, in order, into an empty data folder; empty if it cannot be done
 * @param procedures the same from stop to start, for each place where a cluster may run; empty if it cannot be done
 * @param estimate how long it may take; null where no restore was ever measured
 * @param proof the test that has done just that; null if none has
 */
public record Recoverability(
        String stanza,
        Instant at,
        Verdict answer,
        String reason,
        @Nullable Backup backup,
        @Nullable String walFrom,
        @Nullable String walTo,
        List<String> commands,
        List<Procedure> procedures,
        @Nullable Estimate estimate,
        @Nullable Proof proof) {

    /** The three answers there are. */
    public enum Verdict {
        /** It cannot be done, or nothing says that it can. */
        INFEASIBLE,
        /** A backup and the WAL for it are there; nobody has tried. */
        FEASIBLE,
        /** A restore test has replayed this backup beyond the instant. */
        PROVEN
    }

    /** Copies the lists. */
    public Recoverability {
        commands = List.copyOf(commands);
        procedures = List.copyOf(procedures);
    }

    /** An instant in the form that pgBackRest and PostgreSQL read in every time zone alike. */
    static String asTarget(Instant at) {
        return at.toString().replace('T', ' ').replace("Z", "+00");
    }

    static Recoverability infeasible(String stanza, Instant at, String reason) {
        return new Recoverability(
                stanza, at, Verdict.INFEASIBLE, reason, null, null, null, List.of(), List.of(), null, null);
    }

    /**
     * How long a restore took, of those that were measured.
     *
     * @param p50Seconds half took no longer
     * @param p95Seconds nearly all took no longer
     * @param basis what was measured, in words
     */
    public record Estimate(double p50Seconds, double p95Seconds, String basis) {}
}
