package dev.holdfast.validator.postgresql;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings of every session that the checks open, as libpq's {@code PGOPTIONS}: what production set for a role or a
 * database wins over the server's command line, but not over these.
 */
final class SessionSettings {

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            // libraries of an extension that the image may not have
            "session_preload_libraries", "",
            "local_preload_libraries", "",
            // event triggers stay asleep
            "session_replication_role", "replica",
            // amcheck adds its extension, and reads for as long as it takes
            "default_transaction_read_only", "off",
            "statement_timeout", "0",
            "lock_timeout", "0",
            "idle_in_transaction_session_timeout", "0"));

    private SessionSettings() {}

    /** Value of {@code PGOPTIONS}. */
    static String options() {
        return text(SETTINGS);
    }

    /** Its value for a session without rights, that asks the user's questions. */
    static String ofReader(Duration limit) {
        return text(new TreeMap<>(Map.of(
                "default_transaction_read_only",
                "on",
                "statement_timeout",
                String.valueOf(limit.toMillis()),
                "lock_timeout",
                "0",
                "idle_in_transaction_session_timeout",
                "0")));
    }

    private static String text(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> "-c %s=%s".formatted(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining(" "));
    }
}
