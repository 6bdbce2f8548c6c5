package dev.holdfast.validator.proof;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Finds the way from a backup to where production is.
 *
 * <p>Production's timeline is that of its newest backup. A higher one in the archive may be production's too, after a
 * failover, or that of a restored copy that archives where it should not: nothing here tells them apart, so recovery
 * never goes there.
 */
final class ProductionLine {

    /** It has no history. */
    private static final int FIRST = 1;

    private final List<Backup> backups;
    private final ArchiveListing archive;
    private final IntFunction<Optional<String>> histories;

    /**
     * A finder.
     *
     * @param backups all that the repository lists, in the order in which they ended
     * @param archive the archive as it is listed
     * @param histories reads a timeline's history file; empty if there is none
     */
    ProductionLine(List<Backup> backups, ArchiveListing archive, IntFunction<Optional<String>> histories) {
        this.backups = List.copyOf(backups);
        this.archive = archive;
        this.histories = histories;
    }

    /**
     * The timelines that a recovery to the target follows.
     *
     * @throws ProofStopped if the target lies where production is not, or may not be
     */
    Timelines to(Target target, Backup backup) {
        requireOwnHistory(backup);
        if (target instanceof Target.BackupEnd) {
            return Timelines.only(backup.timeline());
        }
        int production = productionOf(backup);
        if (target instanceof Target.Latest) {
            refuseUnknownTimeline(backup, production);
        }
        return production <= backup.timeline() ? Timelines.only(backup.timeline()) : along(backup, production);
    }

    private int productionOf(Backup backup) {
        return backups.stream()
                .filter(other -> other.archiveId().equals(backup.archiveId()))
                .reduce((first, second) -> second)
                .map(Backup::timeline)
                .orElse(backup.timeline());
    }

    private void refuseUnknownTimeline(Backup backup, int production) {
        int highest = archive.highestTimeline(backup.archiveId());
        if (highest > production) {
            throw new ProofStopped(
                    Reason.TARGET_UNREACHABLE,
                    "the archive holds timeline %d and no backup was made on it yet: its end is not known to be production's. If production was promoted, make a backup; if it was not, something else archives into this repository."
                            .formatted(highest));
        }
    }

    /** PostgreSQL reads the history of the timeline that a backup was made on, and ends where it says otherwise. */
    private void requireOwnHistory(Backup backup) {
        int timeline = backup.timeline();
        if (timeline == FIRST) {
            return;
        }
        histories
                .apply(timeline)
                .filter(history -> Timelines.of(history, timeline)
                        .filter(way -> agrees(backup, way) && beganBefore(backup, way))
                        .isEmpty())
                .ifPresent(_ -> {
                    throw new ProofStopped(new Conclusion(
                            Reason.WAL_DAMAGED,
                            "the history file %s in the archive is damaged: it does not say, or not as backup %s and the archive's segments do, where timeline %d began, and PostgreSQL starts on no backup of that timeline while it can read it. Put the file back from pg_wal of production or of a standby"
                                    .formatted(Timelines.historyOf(timeline), backup.label(), timeline),
                            SpoiledWal.history(timeline)));
                });
    }

    /** False if the timeline is said to have begun behind the backup's first segment. */
    private static boolean beganBefore(Backup backup, Timelines way) {
        long size = SegmentSize.of(backup);
        return backup.walStart()
                .map(start -> way.lastBegan().value() / size <= start.number(size))
                .orElse(true);
    }

    private Timelines along(Backup backup, int production) {
        String history = histories
                .apply(production)
                .orElseThrow(() -> new ProofStopped(
                        Reason.WAL_GAP,
                        "production is on timeline %d and the archive has lost its history file %s: backup %s, made on timeline %d, can be recovered to its end only"
                                .formatted(
                                        production,
                                        Timelines.historyOf(production),
                                        backup.label(),
                                        backup.timeline())));
        return Timelines.of(history, production)
                .filter(way -> agrees(backup, way))
                .orElseThrow(() -> new ProofStopped(new Conclusion(
                        Reason.WAL_DAMAGED,
                        "production is on timeline %d and its history file %s in the archive is damaged: it does not say, or not as the archive's segments do, where that timeline began. Backup %s, made on timeline %d, can be recovered to its end only"
                                .formatted(
                                        production, Timelines.historyOf(production), backup.label(), backup.timeline()),
                        SpoiledWal.history(production))))
                .from(backup.timeline())
                .filter(way -> leavesAfter(backup, way))
                .orElseThrow(() -> new ProofStopped(
                        Reason.TARGET_UNREACHABLE,
                        "backup %s was made on timeline %d, which production, now on timeline %d, had left before the backup ended: it can be recovered to its end only. Choose a later backup."
                                .formatted(backup.label(), backup.timeline(), production)));
    }

    /** False if the archive holds a timeline's segments of before where the history has it begin. */
    private boolean agrees(Backup backup, Timelines way) {
        return way.branches().stream()
                .noneMatch(branch -> archive.contradicts(backup.archiveId(), branch, SegmentSize.of(backup)));
    }

    private static boolean leavesAfter(Backup backup, Timelines way) {
        return way.leavesFirst()
                .flatMap(left -> backup.lsnStop().map(stop -> !left.isBefore(stop)))
                .orElse(true);
    }
}
