package dev.holdfast.validator.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Measured loss: what a recovery to a point lacks of what production is known to have had before it.
 *
 * @param marker the newest restore point that lies before the target
 * @param lost from the last commit recovered to the restore point; zero if recovery went past the restore point
 */
public record DataLoss(Marker marker, Duration lost) {

    /**
     * Measures.
     *
     * @param markers all that are known
     * @param until only those up to this instant could have been recovered
     * @return empty where nothing allows to measure it: no restore point is known, or recovery was told to end before it
     */
    static Optional<DataLoss> measured(
            List<Marker> markers,
            BackupEngine.Plan plan,
            Optional<Lsn> replayed,
            Optional<Instant> lastCommit,
            Instant until) {
        return markers.stream()
                .filter(marker -> isWanted(marker, plan.target(), until))
                .max(Comparator.comparing(Marker::lsn))
                .flatMap(marker -> measured(
                        marker, replayed, lastCommit.orElse(plan.backup().stoppedAt())));
    }

    private static boolean isWanted(Marker marker, Target target, Instant until) {
        return switch (target) {
            case Target.Latest _ -> !marker.at().isAfter(until);
            case Target.Time time -> !marker.at().isAfter(time.instant());
            case Target.AtLsn at -> !at.lsn().isBefore(marker.lsn());
            case Target.Name name -> marker.name().equals(name.name());
            case Target.BackupEnd _, Target.RandomInWindow _ -> false;
        };
    }

    private static Optional<DataLoss> measured(Marker marker, Optional<Lsn> replayed, Instant recoveredTo) {
        boolean passed = replayed.map(lsn -> !lsn.isBefore(marker.lsn())).orElse(false);
        Duration lost = Duration.between(recoveredTo, marker.at());
        return Optional.of(new DataLoss(marker, passed || lost.isNegative() ? Duration.ZERO : lost));
    }

    /** In words. */
    @Override
    public String toString() {
        return lost.isZero()
                ? "no loss: recovery went past the restore point '%s' of %s".formatted(marker.name(), marker.at())
                : "measured loss %d s: the restore point '%s' of %s was not recovered"
                        .formatted(lost.toSeconds(), marker.name(), marker.at());
    }
}
