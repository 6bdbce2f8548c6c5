package dev.holdfast.runner.repository;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our own walk through the WAL archive, segment by segment: minimum and maximum, as {@code info} tells them, hide holes.
 *
 * @param ranges the stretches without a hole, by archive, timeline and position
 * @param holes what is missing between them
 */
public record WalWalk(List<WalRange> ranges, List<WalHole> holes) {

    private static final Pattern SEGMENT =
            Pattern.compile("([^/]+)/[0-9A-F]{16}/([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})-[0-9a-f]{40}(?:\\.\\w+)?");
    private static final long LOGICAL_FILE = 1L << 32;

    /** Copies what it is given. */
    public WalWalk {
        ranges = List.copyOf(ranges);
        holes = List.copyOf(holes);
    }

    /** One archive and timeline. */
    private record Strand(String archiveId, int timeline) {}

    /**
     * Walks it. Files that are no whole segments (histories, backup labels, partials) are passed over.
     *
     * @param segmentBytes size of a segment
     */
    public static WalWalk of(List<ArchivedFile> files, long segmentBytes) {
        long perFile = LOGICAL_FILE / segmentBytes;
        Map<String, Strand> strands = new TreeMap<>();
        Map<String, TreeMap<Long, Instant>> segments = new TreeMap<>();
        for (ArchivedFile file : files) {
            Matcher matcher = SEGMENT.matcher(file.path());
            if (matcher.matches()) {
                Strand strand = new Strand(matcher.group(1), Integer.parseUnsignedInt(matcher.group(2), 16));
                String key = strand.archiveId() + "/" + matcher.group(2);
                long number = Long.parseLong(matcher.group(3), 16) * perFile + Long.parseLong(matcher.group(4), 16);
                strands.put(key, strand);
                segments.computeIfAbsent(key, name -> new TreeMap<>()).put(number, file.archivedAt());
            }
        }
        List<WalRange> ranges = new ArrayList<>();
        List<WalHole> holes = new ArrayList<>();
        strands.forEach((key, strand) ->
                walk(strand, segments.getOrDefault(key, new TreeMap<>(Map.of())), perFile, ranges, holes));
        return new WalWalk(ranges, holes);
    }

    /** The stretch that holds the segment, in the archive of that id; empty list if none does. */
    public List<WalRange> rangesWith(String segment) {
        return ranges.stream().filter(range -> range.holds(segment)).toList();
    }

    private static void walk(
            Strand strand, TreeMap<Long, Instant> segments, long perFile, List<WalRange> ranges, List<WalHole> holes) {
        long first = segments.firstKey();
        long last = first;
        for (long number : new ArrayList<>(segments.keySet())) {
            if (number > last + 1) {
                ranges.add(range(strand, first, last, segments, perFile));
                holes.add(new WalHole(
                        strand.archiveId(),
                        strand.timeline(),
                        name(strand, last + 1, perFile),
                        name(strand, number - 1, perFile),
                        number - last - 1));
                first = number;
            }
            last = number;
        }
        ranges.add(range(strand, first, last, segments, perFile));
    }

    private static WalRange range(Strand strand, long first, long last, TreeMap<Long, Instant> segments, long perFile) {
        // archiving may have been out of order; the stretch reaches to where its youngest part was written
        Instant youngest =
                Collections.max(segments.subMap(first, true, last, true).values());
        return new WalRange(
                strand.archiveId(),
                strand.timeline(),
                name(strand, first, perFile),
                name(strand, last, perFile),
                youngest);
    }

    private static String name(Strand strand, long number, long perFile) {
        return String.format(Locale.ROOT, "%08X%08X%08X", strand.timeline(), number / perFile, number % perFile);
    }
}
