package dev.holdfast.validator.proof;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of an archive lies there and is of no use, as far as a test found it.
 *
 * @param segments those that cannot be read or replayed
 * @param histories timelines whose history file cannot be trusted
 */
public record SpoiledWal(NavigableSet<WalSegment> segments, Set<Integer> histories) {

    /** Nothing was found. */
    public static final SpoiledWal NONE = new SpoiledWal(new TreeSet<>(), Set.of());

    /** Copies both. */
    public SpoiledWal {
        segments = new TreeSet<>(segments);
        histories = Set.copyOf(histories);
    }

    static SpoiledWal segments(Set<WalSegment> segments) {
        return new SpoiledWal(new TreeSet<>(segments), Set.of());
    }

    static SpoiledWal history(int timeline) {
        return new SpoiledWal(new TreeSet<>(), Set.of(timeline));
    }

    /** What of it the backup needs to reach its own end, in words; empty if nothing. */
    Optional<String> neededBy(Backup backup) {
        if (histories.contains(backup.timeline())) {
            return Optional.of(Timelines.historyOf(backup.timeline()) + " is damaged");
        }
        return backup.walStart()
                .map(start -> segments.ceiling(start))
                .filter(spoiled -> spoiled.compareTo(backup.walStop().orElse(spoiled)) <= 0
                        && spoiled.timeline() == backup.timeline())
                .map(spoiled -> "WAL segment %s is damaged".formatted(spoiled));
    }
}
