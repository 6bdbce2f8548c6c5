package dev.holdfast.scheduler.policy;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as policies write them: {@code 30s}, {@code 10m}, {@code 26h}, {@code 8d}, or several: {@code 1d12h}. */
final class Lengths {

    private static final Pattern WHOLE =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");
    private static final long[] SECONDS = {86_400, 3_600, 60, 1};
    private static final String[] UNITS = {"d", "h", "m", "s"};

    private Lengths() {}

    /**
     * Parses a length.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Duration parse(String text) {
        Matcher matcher = WHOLE.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a length of time; expected a number with d, h, m or s, such as 90s, 10m, 12h, 8d or 1d12h"
                            .formatted(text));
        }
        long seconds = 0;
        for (int unit = 0; unit < UNITS.length; unit++) {
            String number = matcher.group(unit + 1);
            seconds += number == null ? 0 : Long.parseLong(number) * SECONDS[unit];
        }
        return Duration.ofSeconds(seconds);
    }

    /** The shortest way to write it: a whole number of the largest unit that fits. */
    static String format(long seconds) {
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (seconds > 0 && seconds % SECONDS[unit] == 0) {
                return seconds / SECONDS[unit] + UNITS[unit];
            }
        }
        return seconds + "s";
    }
}
