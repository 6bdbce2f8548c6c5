package dev.holdfast.validator.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way that recovery takes from a backup's timeline to another. PostgreSQL begins a new timeline at every promotion;
 * what the one before archived behind that point is abandoned.
 *
 * @param branches the timelines in order, at least one
 */
public record Timelines(List<Branch> branches) {

    // three columns by tabs: the timeline, where it was left, why (PostgreSQL's timeline.c)
    private static final Pattern LEFT = Pattern.compile("\\s*(\\d{1,9})\\s+([0-9A-F]+/[0-9A-F]+)(?:\\s.*)?");

    /**
     * One of them.
     *
     * @param timeline its number
     * @param start where it left the one before; the very beginning for the first
     */
    public record Branch(int timeline, Lsn start) {}

    /** Copies the list. */
    public Timelines {
        branches = List.copyOf(branches);
        if (branches.isEmpty()) {
            throw new IllegalArgumentException("no timeline at all");
        }
    }

    /** A way that never leaves this timeline. */
    public static Timelines only(int timeline) {
        return new Timelines(List.of(new Branch(timeline, new Lsn(0))));
    }

    /**
     * The way that a history file tells.
     *
     * @param history its text; empty lines and comments are passed over, as PostgreSQL does
     * @param last the timeline whose history it is
     * @return empty if the text is no such history: another line, nothing at all, timelines or positions that do not ascend,
     *     or a last line that PostgreSQL did not end
     */
    static Optional<Timelines> of(String history, int last) {
        if (!history.endsWith("\n")) {
            return Optional.empty();
        }
        List<Branch> branches = new ArrayList<>();
        Branch next = new Branch(0, new Lsn(0));
        for (String line : told(history)) {
            Matcher match = LEFT.matcher(line);
            if (!match.matches()) {
                return Optional.empty();
            }
            Lsn left = Lsn.parse(match.group(2));
            int timeline = Integer.parseUnsignedInt(match.group(1));
            if (timeline <= next.timeline() || timeline >= last || left.isBefore(next.start())) {
                return Optional.empty();
            }
            branches.add(new Branch(timeline, next.start()));
            next = new Branch(timeline, left);
        }
        if (branches.isEmpty()) {
            return Optional.empty();
        }
        branches.add(new Branch(last, next.start()));
        return Optional.of(new Timelines(branches));
    }

    /** Name of the file that tells a timeline's history. */
    static String historyOf(int timeline) {
        return "%08X.history".formatted(timeline);
    }

    private static List<String> told(String history) {
        return history.lines()
                .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
                .toList();
    }

    /** The rest of the way from this timeline on; empty if it does not lie on it. */
    Optional<Timelines> from(int timeline) {
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).timeline() == timeline) {
                return Optional.of(new Timelines(branches.subList(i, branches.size())));
            }
        }
        return Optional.empty();
    }

    /** The timeline that the way ends on. */
    public int last() {
        return branches.getLast().timeline();
    }

    /** Where its last timeline left the one before; the very beginning for the first. */
    Lsn lastBegan() {
        return branches.getLast().start();
    }

    /** Where the way leaves its first timeline; empty if it never does. */
    Optional<Lsn> leavesFirst() {
        return branches.size() > 1 ? Optional.of(branches.get(1).start()) : Optional.empty();
    }

    /** True if the segment is the one of its number that recovery reads. */
    boolean hold(WalSegment segment, long size) {
        return timelineOf(segment.number(size), size) == segment.timeline();
    }

    /** The segment that recovery reads after this one. */
    WalSegment after(WalSegment segment, long size) {
        return numbered(segment.number(size) + 1, size);
    }

    /** The segment that holds the position. */
    WalSegment holding(Lsn lsn, long size) {
        return numbered(lsn.value() / size, size);
    }

    private WalSegment numbered(long number, long size) {
        return WalSegment.ofNumber(timelineOf(number, size), number, size);
    }

    /** The latest that has begun by the segment's end: the new timeline's first segment repeats the old one's records. */
    private int timelineOf(long number, long size) {
        int timeline = branches.getFirst().timeline();
        for (Branch branch : branches) {
            if (branch.start().value() / size <= number) {
                timeline = branch.timeline();
            }
        }
        return timeline;
    }
}
