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

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.ofEntries(
            // libraries of an extension that the image may not have
            Map.entry("session_preload_libraries", ""),
            Map.entry("local_preload_libraries", ""),
            // event triggers stay asleep
            Map.entry("session_replication_role", "replica"),
            // the superuser stays one
            Map.entry("role", "none"),
            // amcheck adds its extension, and reads for as long as it takes
            Map.entry("default_transaction_read_only", "off"),
            Map.entry("statement_timeout", "0"),
            Map.entry("lock_timeout", "0"),
            Map.entry("idle_in_transaction_session_timeout", "0"),
            Map.entry("idle_session_timeout", "0"),
            Map.entry("temp_file_limit", "-1"),
            // damage is damage
            Map.entry("zero_damaged_pages", "off"),
            Map.entry("ignore_checksum_failure", "off"),
            // what the programs say is read
            Map.entry("lc_messages", "C"),
            Map.entry("client_min_messages", "notice"),
            Map.entry("standard_conforming_strings", "on")));

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
