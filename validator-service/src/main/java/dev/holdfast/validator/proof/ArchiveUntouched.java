package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether production's archive is as it was before the test.
 *
 * <p>A restored cluster that archives its own timeline into the repository makes the next real restore return the
 * sandbox's rows (measured). What may happen meanwhile is production's own doing: it archives further segments of the
 * timelines it has, and its expiry removes the oldest.
 */
final class ArchiveUntouched {

    private ArchiveUntouched() {}

    static Check between(ArchiveListing earlier, ArchiveListing later, Supplier<Duration> took) {
        ArchiveListing.Change change = earlier.to(later);
        if (change.isNone()) {
            return Check.passed(
                    Check.ARCHIVE_UNTOUCHED,
                    took.get(),
                    "%d files, byte sizes and times as before, listing sha256 %s"
                            .formatted(earlier.files().size(), earlier.digest()));
        }
        return unexplained(earlier, later, change)
                .map(found -> Check.failed(Check.ARCHIVE_UNTOUCHED, took.get(), found))
                .orElseGet(() -> Check.passed(
                        Check.ARCHIVE_UNTOUCHED,
                        took.get(),
                        "production archived %d files and expired %d meanwhile; no other change"
                                .formatted(
                                        change.added().size(), change.removed().size())));
    }

    private static Optional<String> unexplained(
            ArchiveListing earlier, ArchiveListing later, ArchiveListing.Change change) {
        List<String> altered = change.altered().stream()
                .filter(path -> !path.startsWith("archive.info"))
                .toList();
        if (!altered.isEmpty()) {
            return Optional.of("files of the archive changed during the test: " + some(altered));
        }
        List<String> foreign = change.added().stream()
                .filter(path -> ArchiveListing.timelineOf(path) > earlier.highestTimeline())
                .toList();
        if (!foreign.isEmpty()) {
            return Optional.of("a new timeline appeared in the archive during the test: " + some(foreign)
                    + ". If production did not fail over, something else archives into this repository.");
        }
        return holes(later, change);
    }

    /** Expiry removes from the low end: what went must not leave lower ones of its own folder behind. */
    private static Optional<String> holes(ArchiveListing later, ArchiveListing.Change change) {
        List<String> punched = change.removed().stream()
                .filter(path -> !path.contains("archive.info"))
                .filter(path ->
                        later.files().headMap(path).keySet().stream().anyMatch(left -> sameTimeline(left, path)))
                .toList();
        return punched.isEmpty()
                ? Optional.empty()
                : Optional.of("files vanished from the middle of the archive during the test: " + some(punched));
    }

    private static boolean sameTimeline(String left, String path) {
        return ArchiveListing.timelineOf(left) != 0
                && ArchiveListing.timelineOf(left) == ArchiveListing.timelineOf(path)
                && !left.endsWith(".history");
    }

    private static String some(List<String> paths) {
        return String.join(", ", paths.subList(0, Math.min(3, paths.size())))
                + (paths.size() > 3 ? " and %d more".formatted(paths.size() - 3) : "");
    }
}
