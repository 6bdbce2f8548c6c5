package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a period: all there was to prove, what of it was tested, what failed, and what was done about it.
 *
 * @param from the period's begin, which belongs to it
 * @param to its end, which does not
 * @param total over all stanzas
 * @param stanzas each stanza that is known, also one in which nothing happened
 * @param failures what failed, the latest first, at most {@value #MOST}; each with its remedy, if one is known
 */
public record Audit(Instant from, Instant to, Figures total, List<OfStanza> stanzas, List<FailureAndRemedy> failures) {

    /** How many failures are listed at most. */
    public static final int MOST = 500;

    /** Copies the lists. */
    public Audit {
        stanzas = List.copyOf(stanzas);
        failures = List.copyOf(failures);
    }

    /** Sums up. */
    public static Audit of(Instant from, Instant to, List<OfStanza> stanzas, List<FailureAndRemedy> failures) {
        Figures total = stanzas.stream().map(OfStanza::figures).reduce(Figures.NONE, Figures::plus);
        return new Audit(from, to, total, stanzas, failures);
    }

    /**
     * One stanza's part.
     *
     * @param stanza the stanza
     * @param figures what happened
     */
    public record OfStanza(String stanza, Figures figures) {}

    /**
     * The population, the sample, and how both went.
     *
     * @param backups the population: sets that were made in the period
     * @param backupsTested the sample: how many of these have a restore test that came to a verdict, whenever it ran
     * @param backupsProven how many of these passed
     * @param backupsDisproven how many of these failed
     * @param backupRunsFailed backup requests of the period that came to nothing
     * @param testsPassed restore tests that ended in the period and passed
     * @param testsFailed that failed
     * @param testsInconclusive that could not judge, or whose backup had expired
     * @param slots scheduled instants of the period
     * @param slotsMissed of these nothing came, though nothing had been planned against them
     * @param slotsSkipped of these nothing came, as planned: overlap, blackout, pause, superseded
     */
    public record Figures(
            long backups,
            long backupsTested,
            long backupsProven,
            long backupsDisproven,
            long backupRunsFailed,
            long testsPassed,
            long testsFailed,
            long testsInconclusive,
            long slots,
            long slotsMissed,
            long slotsSkipped) {

        static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Figures plus(Figures other) {
            return new Figures(
                    backups + other.backups,
                    backupsTested + other.backupsTested,
                    backupsProven + other.backupsProven,
                    backupsDisproven + other.backupsDisproven,
                    backupRunsFailed + other.backupRunsFailed,
                    testsPassed + other.testsPassed,
                    testsFailed + other.testsFailed,
                    testsInconclusive + other.testsInconclusive,
                    slots + other.slots,
                    slotsMissed + other.slotsMissed,
                    slotsSkipped + other.slotsSkipped);
        }
    }

    /**
     * What failed, and the next success of the same kind on the same stanza.
     *
     * @param kind BACKUP or RESTORE_TEST
     * @param id the request, or the restore test
     * @param stanza the stanza
     * @param at when it failed
     * @param message what went wrong
     * @param remedyId the request or restore test that later succeeded; null if none has yet
     * @param remedyAt when; null if none has yet
     */
    public record FailureAndRemedy(
            String kind,
            UUID id,
            String stanza,
            Instant at,
            String message,
            @Nullable UUID remedyId,
            @Nullable Instant remedyAt) {}
}
