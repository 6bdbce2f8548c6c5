package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.BackupSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one repository of a stanza holds.
 *
 * @param repository its number
 * @param status pgBackRest's own status
 * @param labels the backups that it lists
 * @param walk our walk through its WAL archive
 * @param foreignTimelines timelines in the current archive that production never had: something else archived into it
 * @param windows to which instants the cluster can be restored
 * @param lag since the last segment was archived; empty if none ever was
 * @param bytes what its backups take; empty where unknown
 * @param retention what is configured of its retention, setting to value
 * @param archiver what the cluster says of its archiving; empty where it was not asked
 */
public record Observation(
        int repository,
        StanzaInfo.Status status,
        List<String> labels,
        WalWalk walk,
        List<Integer> foreignTimelines,
        List<RecoveryWindow> windows,
        Optional<Duration> lag,
        Optional<Long> bytes,
        Map<String, String> retention,
        Optional<Archiver> archiver) {

    /** Copies what it is given. */
    public Observation {
        labels = List.copyOf(labels);
        foreignTimelines = List.copyOf(foreignTimelines);
        windows = List.copyOf(windows);
        retention = Map.copyOf(retention);
    }

    /** The same of a repository of which this is configured. */
    Observation keptBy(Map<String, String> configured) {
        return new Observation(
                repository, status, labels, walk, foreignTimelines, windows, lag, bytes, configured, archiver);
    }

    /** The same of a cluster that says this of its archiving. */
    Observation archivedBy(Optional<Archiver> said) {
        return new Observation(
                repository, status, labels, walk, foreignTimelines, windows, lag, bytes, retention, said);
    }

    /** A repository of which nothing could be read, for a reason that the tool has no status for. */
    static Observation unreadable(int repository, String reason) {
        return new Observation(
                repository,
                new StanzaInfo.Status(StanzaInfo.Status.OTHER, reason),
                List.of(),
                WalWalk.of(List.of(), Production.UNKNOWN.segmentBytes()),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    /**
     * Puts together what was read.
     *
     * @param repository the repository
     * @param ownTimelines the timelines that production has or had; empty if that is not known
     */
    public static Observation of(
            StanzaInfo info, StanzaInfo.Repository repository, WalWalk walk, Set<Integer> ownTimelines, Instant now) {
        List<BackupSet> sets = info.backups().stream()
                .filter(set -> set.repository() == repository.key())
                .toList();
        Optional<String> current = currentArchive(info, repository.key());
        List<Integer> foreign = walk.ranges().stream()
                .filter(range -> current.filter(range.archiveId()::equals).isPresent())
                .map(WalRange::timeline)
                .filter(timeline -> !ownTimelines.isEmpty() && !ownTimelines.contains(timeline))
                .distinct()
                .sorted()
                .toList();
        return new Observation(
                repository.key(),
                repository.status(),
                sets.stream().map(BackupSet::label).toList(),
                walk,
                foreign,
                windows(info, sets, walk),
                lag(walk, now),
                sets.isEmpty()
                        ? Optional.empty()
                        : Optional.of(sets.stream()
                                .mapToLong(set -> set.sizes().repositoryDelta())
                                .sum()),
                Map.of(),
                Optional.empty());
    }

    /** First archived segment by name; empty if none. */
    public Optional<String> archiveMin() {
        return walk.ranges().stream().map(WalRange::first).min(Comparator.naturalOrder());
    }

    /** Last archived segment by name; empty if none. */
    public Optional<String> archiveMax() {
        return walk.ranges().stream().map(WalRange::last).max(Comparator.naturalOrder());
    }

    /** The archive of the stanza's current cluster in a repository, such as 15-1. */
    private static Optional<String> currentArchive(StanzaInfo info, int repository) {
        return info.archives().stream()
                .filter(archive -> archive.repositoryKey() == repository)
                .max(Comparator.comparingInt(StanzaInfo.Archive::databaseId))
                .map(StanzaInfo.Archive::id);
    }

    private static Optional<Duration> lag(WalWalk walk, Instant now) {
        return walk.ranges().stream()
                .map(WalRange::lastArchivedAt)
                .max(Comparator.naturalOrder())
                .map(last -> Duration.between(last, now))
                .map(lag -> lag.isNegative() ? Duration.ZERO : lag);
    }

    /** One window for each stretch of WAL, from the oldest backup that lies in it whole. */
    private static List<RecoveryWindow> windows(StanzaInfo info, List<BackupSet> sets, WalWalk walk) {
        Map<WalRange, RecoveryWindow> windows = new LinkedHashMap<>();
        List<BackupSet> oldestFirst = new ArrayList<>(sets);
        oldestFirst.sort(Comparator.comparing(BackupSet::finishedAt));
        for (BackupSet set : oldestFirst) {
            rangeOf(info, set, walk).ifPresent(range -> windows.putIfAbsent(range, windowOf(set, range)));
        }
        return List.copyOf(windows.values());
    }

    /** After an upgrade the same names of segments come again, in another archive. */
    private static Optional<WalRange> rangeOf(StanzaInfo info, BackupSet set, WalWalk walk) {
        String start = set.wal().start();
        String stop = set.wal().stop();
        if (start == null || stop == null) {
            return Optional.empty();
        }
        Optional<String> archive = info.archiveOf(set);
        return walk.rangesWith(start).stream()
                .filter(range ->
                        archive.filter(id -> !id.equals(range.archiveId())).isEmpty())
                .filter(range -> range.holds(stop))
                .findFirst();
    }

    private static RecoveryWindow windowOf(BackupSet set, WalRange range) {
        Instant from = set.finishedAt().plusSeconds(1);
        Instant to = range.lastArchivedAt().isBefore(from) ? from : range.lastArchivedAt();
        return new RecoveryWindow(from, to, set.label(), range);
    }
}
