package dev.holdfast.validator.proof;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every file of a stanza's WAL archive, as one walk of it found them.
 *
 * @param files size and time of each file by its path below the stanza's archive
 */
public record ArchiveListing(SortedMap<String, Stamp> files) {

    /**
     * What tells that a file has changed.
     *
     * @param size bytes
     * @param time last change, seconds since 1970
     */
    public record Stamp(long size, long time) {}

    /** One that has no file. */
    static final ArchiveListing EMPTY = new ArchiveListing(new TreeMap<>());

    private static final Pattern SEGMENT =
            Pattern.compile("([^/]+)/[0-9A-F]{16}/([0-9A-F]{24})-[0-9a-f]{40}(\\.[a-z0-9]+)?");
    private static final Pattern HISTORY = Pattern.compile("([^/]+)/([0-9A-F]{8})\\.history");

    /** Copies the map. */
    public ArchiveListing {
        files = new TreeMap<>(files);
    }

    /** The segments of one archive, such as {@code 15-1}, that lie on the way, in order; {@code size} bytes each. */
    public NavigableSet<WalSegment> segments(String archiveId, Timelines way, long size) {
        NavigableSet<WalSegment> segments = new TreeSet<>();
        for (String path : files.keySet()) {
            Matcher match = SEGMENT.matcher(path);
            if (match.matches() && match.group(1).equals(archiveId)) {
                WalSegment segment = WalSegment.parse(match.group(2));
                if (way.hold(segment, size)) {
                    segments.add(segment);
                }
            }
        }
        return segments;
    }

    /** True if a timeline left a segment that lies before where it is said to have begun; segments of {@code size} bytes. */
    boolean contradicts(String archiveId, Timelines.Branch branch, long size) {
        WalSegment begun = WalSegment.holding(branch.start(), branch.timeline(), size);
        return segments(archiveId, Timelines.only(branch.timeline()), size).lower(begun) != null;
    }

    /** The highest timeline that left a segment or a history file in the archive; 0 if it is empty. */
    public int highestTimeline() {
        return files.keySet().stream()
                .mapToInt(ArchiveListing::timelineOf)
                .max()
                .orElse(0);
    }

    /** The same of one archive, such as {@code 15-1}. */
    int highestTimeline(String archiveId) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(archiveId + "/"))
                .mapToInt(ArchiveListing::timelineOf)
                .max()
                .orElse(0);
    }

    /** SHA-256 over all paths, sizes and times. */
    public String digest() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Stamp> file : files.entrySet()) {
            text.append(file.getKey())
                    .append('\t')
                    .append(file.getValue().size())
                    .append('\t')
                    .append(file.getValue().time())
                    .append('\n');
        }
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What happened to the archive between this listing and a later one. */
    public Change to(ArchiveListing later) {
        List<String> removed = files.keySet().stream()
                .filter(path -> !later.files.containsKey(path))
                .toList();
        List<String> added = later.files.keySet().stream()
                .filter(path -> !files.containsKey(path))
                .toList();
        List<String> altered = files.entrySet().stream()
                .filter(file -> later.files.containsKey(file.getKey())
                        && !file.getValue().equals(later.files.get(file.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        return new Change(removed, added, altered);
    }

    /** The timeline that a path belongs to; 0 if it belongs to none. */
    static int timelineOf(String path) {
        Matcher segment = SEGMENT.matcher(path);
        if (segment.matches()) {
            return WalSegment.parse(segment.group(2)).timeline();
        }
        Matcher history = HISTORY.matcher(path);
        return history.matches() ? Integer.parseUnsignedInt(history.group(2), 16) : 0;
    }

    /**
     * The difference of two listings.
     *
     * @param removed paths that are gone
     * @param added paths that are new
     * @param altered paths that are there with another size or time
     */
    public record Change(List<String> removed, List<String> added, List<String> altered) {

        /** True if nothing differs. */
        public boolean isNone() {
            return removed.isEmpty() && added.isEmpty() && altered.isEmpty();
        }
    }
}
