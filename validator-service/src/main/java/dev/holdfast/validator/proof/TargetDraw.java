package dev.holdfast.validator.proof;

import java.util.NavigableSet;
import java.util.random.RandomGenerator;

/** Turns a target that leaves the choice to the validator into one that names a point. */
final class TargetDraw {

    private final RandomGenerator random;

    TargetDraw(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The target to restore to.
     *
     * <p>A random one is a position, not an instant: every position up to the last segment's start is reached by some
     * record, while an instant after the last commit of an idle cluster never is.
     */
    Target fix(TestOrder order, Backup backup, ArchiveListing archive, Timelines way, long segmentBytes) {
        if (!(order.target() instanceof Target.RandomInWindow)) {
            return order.target();
        }
        NavigableSet<WalSegment> segments = archive.segments(backup.archiveId(), way, segmentBytes);
        if (segments.isEmpty() || backup.lsnStop().isEmpty()) {
            return new Target.BackupEnd();
        }
        long from = backup.lsnStop().get().value();
        long to = segments.last().start(segmentBytes).value();
        return to <= from ? new Target.BackupEnd() : new Target.AtLsn(new Lsn(random.nextLong(from, to)));
    }
}
