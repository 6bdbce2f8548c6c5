package dev.holdfast.scheduler.cron;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One of the five fields of an expression: its name, its limits and the words allowed in it.
 *
 * <p>Grammar of Debian's crontab(5): {@code *}, {@code n}, {@code n-m}, each of {@code *} and {@code n-m} with an optional
 * {@code /step}, several of them separated by commas; month and day of week also by their first three letters.
 */
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    DAY_OF_WEEK("day of week", 0, 7, "sun mon tue wed thu fri sat");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    private final String title;
    private final int min;
    private final int max;
    /** Names of the values from the smallest on, separated by blanks. */
    private final String words;

    CronField(String title, int min, int max, String words) {
        this.title = title;
        this.min = min;
        this.max = max;
        this.words = words;
    }

    /**
     * The values that the text names.
     *
     * @throws IllegalArgumentException with the field's name, what was found and what is allowed
     */
    BitSet parse(String text) {
        BitSet values = new BitSet(max + 1);
        for (String part : text.split(",", -1)) {
            addPart(values, part, text);
        }
        if (this == DAY_OF_WEEK && values.get(7)) {
            // both 0 and 7 are Sunday
            values.clear(7);
            values.set(0);
        }
        return values;
    }

    private void addPart(BitSet values, String part, String text) {
        String[] range = part.split("/", -1);
        if (range.length > 2) {
            throw wrong(text, "'%s' has more than one step".formatted(part));
        }
        boolean star = range[0].equals("*");
        String[] ends = range[0].split("-", -1);
        if (ends.length > 2) {
            throw wrong(text, "'%s' is not a range".formatted(part));
        }
        int from = star ? min : value(ends[0], text);
        int to = star ? max : value(ends[ends.length - 1], text);
        if (from > to) {
            throw wrong(text, "the range '%s' ends before it begins".formatted(range[0]));
        }
        if (range.length == 2 && !star && ends.length == 1) {
            throw wrong(
                    text, "the step of '%s' needs a range, such as %s-%d/%s".formatted(part, ends[0], max, range[1]));
        }
        int step = range.length == 2 ? step(range[1], text) : 1;
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private int value(String text, String field) {
        int word = List.of(words.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
        if (word >= 0 && !text.isEmpty()) {
            return min + word;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw wrong(field, "'%s' is not a number%s".formatted(text, words.isEmpty() ? "" : " or a name"));
        }
        int value = Integer.parseInt(text);
        if (value < min || value > max) {
            throw wrong(field, "%d is out of range".formatted(value));
        }
        return value;
    }

    private int step(String text, String field) {
        int step = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (step < 1) {
            throw wrong(field, "the step '%s' is not a number above 0".formatted(text));
        }
        return step;
    }

    private IllegalArgumentException wrong(String text, String found) {
        return new IllegalArgumentException(
                "%s field '%s': %s; expected %d-%d, *, lists, ranges or steps".formatted(title, text, found, min, max));
    }
}
