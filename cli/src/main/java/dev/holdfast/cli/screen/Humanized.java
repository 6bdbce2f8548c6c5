package dev.holdfast.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Figures as a person says them. Tables only: JSON and YAML keep them raw. */
public final class Humanized {

    private static final long KIB = 1024;
    private static final String UNITS = "BKMGTPE";

    private Humanized() {}

    /** A length of time in its two largest units, such as {@code 3d 4h}, {@code 12m 5s} or {@code 0.4s}. */
    public static String duration(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 60) {
            return length.isNegative() || length.toMillis() % 1000 == 0 || seconds >= 10
                    ? seconds + "s"
                    : String.format(Locale.ROOT, "%.1fs", length.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return two(seconds / 60, "m", seconds % 60, "s");
        }
        return seconds < 86_400
                ? two(seconds / 3600, "h", seconds % 3600 / 60, "m")
                : two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    /** The same of an ISO-8601 duration such as {@code PT26H}; the text itself if it is none. */
    public static String isoDuration(String length) {
        try {
            return duration(Duration.parse(length));
        } catch (DateTimeParseException e) {
            return length;
        }
    }

    /** How long ago an ISO-8601 instant was, such as {@code 3d 4h ago}; the text itself if it is no instant. */
    public static String age(String instant, Instant now) {
        try {
            Duration age = Duration.between(OffsetDateTime.parse(instant).toInstant(), now);
            return age.isNegative()
                    ? "in " + duration(age.negated())
                    : duration(Duration.ofSeconds(age.toSeconds())) + " ago";
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** How long ago an ISO-8601 instant was, in one unit, for narrow columns: {@code 59s}, {@code 47h}, {@code 3d}. */
    public static String roughAge(String instant, Instant now) {
        try {
            Duration age = Duration.between(OffsetDateTime.parse(instant).toInstant(), now);
            return age.isNegative() ? "in " + rough(age.negated()) : rough(age);
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** An ISO-8601 instant to the second; the text itself if it is no instant. */
    public static String instant(String instant) {
        try {
            return Instant.ofEpochSecond(OffsetDateTime.parse(instant).toEpochSecond())
                    .toString();
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** Bytes with a binary unit, such as {@code 3.4 MiB}. */
    public static String bytes(long bytes) {
        int unit = unit(bytes);
        return unit == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f %siB", bytes / Math.pow(KIB, unit), UNITS.charAt(unit));
    }

    /** Bytes in at most five characters, as {@code ls -h} has them: {@code 3.4M}, {@code 120G}. */
    public static String roughBytes(long bytes) {
        int unit = unit(bytes);
        double value = bytes / Math.pow(KIB, unit);
        return String.format(Locale.ROOT, unit > 0 && value < 10 ? "%.1f%s" : "%.0f%s", value, UNITS.charAt(unit));
    }

    private static String rough(Duration length) {
        if (length.toMinutes() < 1) {
            return length.toSeconds() + "s";
        }
        if (length.toHours() < 1) {
            return length.toMinutes() + "m";
        }
        return length.toDays() < 2 ? length.toHours() + "h" : length.toDays() + "d";
    }

    /** How often bytes can be divided by 1024 before less than one is left. */
    private static int unit(long bytes) {
        return bytes < KIB ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
    }
}
