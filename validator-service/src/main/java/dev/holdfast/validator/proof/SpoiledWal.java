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
 * @param archives those, such as {@code 15-1}, of which no segment is found that lies in them
 */
public record SpoiledWal(NavigableSet<WalSegment> segments, Set<Integer> histories, Set<String> archives) {

    /** Nothing was found. */
    public static final SpoiledWal NONE = new SpoiledWal(new TreeSet<>(), Set.of(), Set.of());

    /** Copies all of it. */
    public SpoiledWal {
        segments = new TreeSet<>(segments);
        histories = Set.copyOf(histories);
        archives = Set.copyOf(archives);
    }

    static SpoiledWal segments(Set<WalSegment> segments) {
        return new SpoiledWal(new TreeSet<>(segments), Set.of(), Set.of());
    }

    static SpoiledWal history(int timeline) {
        return new SpoiledWal(new TreeSet<>(), Set.of(timeline), Set.of());
    }

    static SpoiledWal archive(String archiveId) {
        return new SpoiledWal(new TreeSet<>(), Set.of(), Set.of(archiveId));
    }

    /** What of it the backup needs to reach its own end, in words; empty if nothing. */
    Optional<String> neededBy(Backup backup) {
        if (archives.contains(backup.archiveId())) {
            return Optional.of("its WAL is in archive %s too".formatted(backup.archiveId()));
        }
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
