package dev.holdfast.runner.pgbackrest;

import java.util.Map;

/** The environment of every command that the runner executes. */
final class ToolEnvironment {

    private ToolEnvironment() {}

    /** UTC, because pgBackRest's log has no offset; plain messages; nothing of the runner's own settings. */
    static void apply(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.equals("JAVA_TOOL_OPTIONS"));
        environment.put("TZ", "UTC");
        environment.put("LC_ALL", "C");
    }
}
