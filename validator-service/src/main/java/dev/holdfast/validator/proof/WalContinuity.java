package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Whether the archive holds every segment that a plan needs.
 *
 * @param walk the walk
 * @param found what it found, for people
 * @param conclusion the end of the test where a segment is missing or the target lies outside; empty if all is there
 */
record WalContinuity(WalWalk walk, String found, Optional<Conclusion> conclusion) {

    static WalContinuity of(BackupEngine.Plan plan, ArchiveListing archive, long segmentBytes) {
        Backup backup = plan.backup();
        WalSegment start = backup.walStart()
                .orElseThrow(() -> new ProofStopped(
                        Reason.CONFIGURATION,
                        "backup %s was made without WAL archive: it cannot be recovered alone"
                                .formatted(backup.label())));
        WalSegment stop = backup.walStop().orElse(start);
        NavigableSet<WalSegment> archived = archive.segments(backup.archiveId(), plan.way(), segmentBytes);
        WalWalk walk = WalWalk.over(start, Optional.of(stop), archived, plan.way(), segmentBytes);
        return new WalContinuity(walk, describe(plan, walk, archived), conclude(plan, walk, stop, segmentBytes));
    }

    /** The check as it stands in the report. */
    Check check(Duration took) {
        return conclusion.isEmpty()
                ? Check.passed(Check.WAL_CONTINUITY, took, found)
                : Check.failed(Check.WAL_CONTINUITY, took, conclusion.get().message());
    }

    private static Optional<Conclusion> conclude(
            BackupEngine.Plan plan, WalWalk walk, WalSegment stop, long segmentBytes) {
        if (!walk.reaches(stop)) {
            return Optional.of(gap(plan, walk));
        }
        return switch (plan.target()) {
            case Target.Latest _ -> walk.gap().isPresent() ? Optional.of(gap(plan, walk)) : Optional.empty();
            case Target.AtLsn at -> ofLsn(at, plan, walk, segmentBytes);
            // how far these need the archive is known only after recovery
            case Target.Time _, Target.Name _ -> Optional.empty();
            case Target.BackupEnd _, Target.RandomInWindow _ -> Optional.empty();
        };
    }

    private static Optional<Conclusion> ofLsn(
            Target.AtLsn at, BackupEngine.Plan plan, WalWalk walk, long segmentBytes) {
        WalSegment holding = plan.way().holding(at.lsn(), segmentBytes);
        if (walk.reaches(holding)) {
            return Optional.empty();
        }
        if (walk.end().filter(end -> end.compareTo(holding) >= 0).isPresent()) {
            return Optional.of(gap(plan, walk));
        }
        return Optional.of(
                walk.gap().isPresent()
                        ? gap(plan, walk)
                        : new Conclusion(
                                Reason.TARGET_UNREACHABLE,
                                "%s lies in segment %s, which is not archived yet; the archive ends with %s"
                                        .formatted(
                                                at.lsn(),
                                                holding,
                                                walk.end()
                                                        .map(WalSegment::toString)
                                                        .orElse("nothing"))));
    }

    private static Conclusion gap(BackupEngine.Plan plan, WalWalk walk) {
        return Judgement.gap(walk.gap().orElseThrow(), plan, walk);
    }

    private static String describe(BackupEngine.Plan plan, WalWalk walk, NavigableSet<WalSegment> archived) {
        String hole = walk.gap().map(gap -> "; behind it " + gap).orElse("; no hole");
        return "segments %s to %s are there%s; %d segments in all on the way to timeline %d"
                .formatted(
                        walk.from(),
                        walk.reachable().map(WalSegment::toString).orElse("none"),
                        hole,
                        archived.size(),
                        plan.way().last());
    }
}
