package dev.holdfast.validator.proof;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * One file of write-ahead log.
 *
 * @param timeline the timeline, 1 or more
 * @param log the middle eight hexadecimal digits of its name: the high half of its LSNs
 * @param index the last eight digits: which segment of that half
 */
public record WalSegment(int timeline, long log, long index) implements Comparable<WalSegment> {

    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");
    private static final Comparator<WalSegment> ORDER = Comparator.comparingInt(WalSegment::timeline)
            .thenComparingLong(WalSegment::log)
            .thenComparingLong(WalSegment::index);

    /** True if the text is a segment's name: 24 hexadecimal digits in capitals. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a segment's name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static WalSegment parse(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not the name of a WAL segment: '%s'".formatted(name));
        }
        return new WalSegment(
                Integer.parseUnsignedInt(name.substring(0, 8), 16),
                Long.parseLong(name.substring(8, 16), 16),
                Long.parseLong(name.substring(16), 16));
    }

    /** The segment of this timeline that holds the position, for segments of {@code size} bytes. */
    public static WalSegment holding(Lsn lsn, int timeline, long size) {
        return new WalSegment(timeline, lsn.value() >>> 32, (lsn.value() & 0xFFFFFFFFL) / size);
    }

    /** The one after it, for segments of {@code size} bytes. */
    public WalSegment next(long size) {
        long perLog = 0x1_0000_0000L / size;
        return index + 1 < perLog ? new WalSegment(timeline, log, index + 1) : new WalSegment(timeline, log + 1, 0);
    }

    /** Its number counted from the beginning of all WAL, for segments of {@code size} bytes. */
    long number(long size) {
        return start(size).value() / size;
    }

    /** The segment of this number on a timeline, for segments of {@code size} bytes. */
    static WalSegment ofNumber(int timeline, long number, long size) {
        return holding(new Lsn(number * size), timeline, size);
    }

    /** Its first byte's position, for segments of {@code size} bytes. */
    public Lsn start(long size) {
        return new Lsn((log << 32) + index * size);
    }

    /** How many segments lie between this one and a later one of the same timeline. */
    public long distanceTo(WalSegment later, long size) {
        return (later.start(size).value() - start(size).value()) / size;
    }

    @Override
    public int compareTo(WalSegment other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%08X%08X%08X".formatted(timeline, log, index);
    }
}
