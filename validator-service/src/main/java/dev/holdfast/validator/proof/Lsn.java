package dev.holdfast.validator.proof;

import java.util.regex.Pattern;

/**
 * A position in the write-ahead log.
 *
 * @param value bytes since the log's beginning, 0 or more
 */
public record Lsn(long value) implements Comparable<Lsn> {

    private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    /** True if the text has PostgreSQL's form, such as {@code 0/3000028}. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Reads PostgreSQL's form.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Lsn parse(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an LSN such as 0/3000028: '%s'".formatted(text));
        }
        int slash = text.indexOf('/');
        long high = Long.parseLong(text.substring(0, slash), 16);
        long low = Long.parseLong(text.substring(slash + 1), 16);
        return new Lsn((high << 32) | low);
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** True if this position comes before the other. */
    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
    }
}
