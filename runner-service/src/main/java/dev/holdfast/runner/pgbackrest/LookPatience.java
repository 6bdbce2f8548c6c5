package dev.holdfast.runner.pgbackrest;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a command that only looks waits for an answer of a storage. pgBackRest's own {@code io-timeout} of a minute is
 * for backups; it is waited for again and again, so that a dead storage would be known as such only after minutes, in which
 * the runner sees nothing of the others.
 */
final class LookPatience {

    /** pgBackRest's setting. */
    static final String KEY = "io-timeout";

    private static final int MOST_SECONDS = 10;
    private static final Pattern VALUE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d|w)?");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "h", 3_600.0, "d", 86_400.0, "w", 604_800.0);

    private LookPatience() {}

    /**
     * The option to give; empty where the configuration is as impatient already, or says what cannot be read, which is
     * pgBackRest's to refuse.
     *
     * @param configured the setting's value; empty if it is not set
     */
    static Optional<String> option(Optional<String> configured) {
        boolean patient = configured.isEmpty() || seconds(configured.get()) > MOST_SECONDS;
        return patient ? Optional.of("--%s=%d".formatted(KEY, MOST_SECONDS)) : Optional.empty();
    }

    private static double seconds(String value) {
        Matcher matcher = VALUE.matcher(value.strip());
        if (!matcher.matches()) {
            return 0;
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return Double.parseDouble(matcher.group(1)) * SECONDS.getOrDefault(unit, 0.0);
    }
}
