package dev.holdfast.catalog.history;

import java.time.Instant;
import java.time.LocalDate;

/** Writes instants exactly as {@link Instant#toString} does, several times as fast: each event has four or five of them. */
public final class InstantText {

    private static final long SECONDS_OF_DAY = 86_400;
    private static final int SECONDS_OF_HOUR = 3_600;
    private static final int SECONDS_OF_MINUTE = 60;
    private static final int MILLI = 1_000_000;
    private static final int MICRO = 1_000;
    private static final int FIRST_LONG_YEAR = 10_000;

    private InstantText() {}

    /** Appends the instant. */
    public static void append(StringBuilder out, Instant instant) {
        long second = instant.getEpochSecond();
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_OF_DAY));
        if (day.getYear() < 0 || day.getYear() >= FIRST_LONG_YEAR) {
            // years with a sign
            out.append(instant);
            return;
        }
        int ofDay = (int) Math.floorMod(second, SECONDS_OF_DAY);
        digits(out, day.getYear(), 4).append('-');
        digits(out, day.getMonthValue(), 2).append('-');
        digits(out, day.getDayOfMonth(), 2).append('T');
        digits(out, ofDay / SECONDS_OF_HOUR, 2).append(':');
        digits(out, ofDay / SECONDS_OF_MINUTE % 60, 2).append(':');
        digits(out, ofDay % SECONDS_OF_MINUTE, 2);
        fraction(out, instant.getNano());
        out.append('Z');
    }

    /** In groups of three digits, none where it is nothing. */
    private static void fraction(StringBuilder out, int nanos) {
        if (nanos == 0) {
            return;
        }
        out.append('.');
        if (nanos % MILLI == 0) {
            digits(out, nanos / MILLI, 3);
        } else if (nanos % MICRO == 0) {
            digits(out, nanos / MICRO, 6);
        } else {
            digits(out, nanos, 9);
        }
    }

    private static StringBuilder digits(StringBuilder out, int value, int width) {
        int end = out.length() + width;
        out.setLength(end);
        int left = value;
        for (int at = end - 1; at >= end - width; at--) {
            out.setCharAt(at, (char) ('0' + left % 10));
            left /= 10;
        }
        return out;
    }
}
