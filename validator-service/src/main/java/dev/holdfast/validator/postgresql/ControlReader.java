package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.DatabaseEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code pg_controldata}'s output, in English: the sandbox has no other language. */
final class ControlReader {

    private ControlReader() {}

    static DatabaseEngine.Control read(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        });
        List<DatabaseEngine.Setting> settings = new ArrayList<>();
        PostgreSql.settingNames().forEach((label, name) -> {
            if (values.containsKey(label)) {
                settings.add(new DatabaseEngine.Setting(name, values.getOrDefault(label, "")));
            }
        });
        return new DatabaseEngine.Control(
                values.getOrDefault("Database system identifier", ""),
                Long.parseLong(values.getOrDefault("Bytes per WAL segment", "16777216")),
                !values.getOrDefault("Data page checksum version", "0").equals("0"),
                settings);
    }
}
