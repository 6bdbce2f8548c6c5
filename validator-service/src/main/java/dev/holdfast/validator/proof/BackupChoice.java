package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Chooses the backup of a test. */
final class BackupChoice {

    private final ProvenBefore before;
    private final RandomGenerator random;

    BackupChoice(ProvenBefore before, RandomGenerator random) {
        this.before = before;
        this.random = random;
    }

    /**
     * The backup to restore; empty if none fits.
     *
     * @param backups in the order in which they ended
     */
    Optional<Backup> choose(TestOrder order, List<Backup> backups) {
        if (order.label().isPresent()) {
            return backups.stream()
                    .filter(backup -> backup.label().equals(order.label().get()))
                    .findFirst();
        }
        List<Backup> fitting = backups.stream()
                .filter(backup -> endsBefore(backup, order.target()))
                .toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(select(order, fitting));
    }

    /**
     * True if the backup is consistent before the point asked for. A backup that ends later is no error to PostgreSQL: it
     * stops at the first commit it sees, past the target, without a word (measured with 15).
     */
    static boolean endsBefore(Backup backup, Target target) {
        return switch (target) {
            // pgBackRest knows the end to the second only
            case Target.Time time -> backup.stoppedAt().plusSeconds(1).compareTo(time.instant()) <= 0;
            case Target.AtLsn at ->
                backup.lsnStop().map(stop -> !at.lsn().isBefore(stop)).orElse(false);
            case Target.BackupEnd _, Target.Latest _, Target.Name _, Target.RandomInWindow _ -> true;
        };
    }

    private Backup select(TestOrder order, List<Backup> fitting) {
        return switch (order.selection()) {
            case NEWEST -> fitting.getLast();
            case OLDEST -> fitting.getFirst();
            case RANDOM -> fitting.get(random.nextInt(fitting.size()));
            case LEAST_PROVEN ->
                fitting.stream()
                        .min(Comparator.comparing(backup -> before.lastPassed(order.stanza(), backup.label())
                                .orElse(Instant.MIN)))
                        .orElseThrow();
        };
    }
}
