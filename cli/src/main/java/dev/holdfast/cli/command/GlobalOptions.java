package dev.holdfast.cli.command;

import dev.holdfast.cli.screen.Format;
import dev.holdfast.cli.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command; they may stand before or after the command's name. */
public final class GlobalOptions {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            scope = ScopeType.INHERIT,
            description = "How to answer (default: table). JSON keys are those of the HTTP API.")
    private Format output = Format.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "Kafka's bootstrap servers (HOLDFAST_KAFKA).")
    private @Nullable String kafka;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The schema registry (HOLDFAST_REGISTRY).")
    private @Nullable String registry;

    @Option(
            names = "--catalog",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The catalog (HOLDFAST_CATALOG).")
    private @Nullable String catalog;

    @Option(
            names = "--scheduler",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The scheduler (HOLDFAST_SCHEDULER).")
    private @Nullable String scheduler;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Take addresses and credentials from ~/.config/holdfast/profiles/NAME.env.")
    private @Nullable String profile;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show what the Kafka clients log, on stderr, and where an error comes from.")
    private boolean verbose;

    /** How to answer. */
    Format output() {
        return output;
    }

    /** True if the person wants to see more. */
    public boolean isVerbose() {
        return verbose;
    }

    Optional<String> profile() {
        return Optional.ofNullable(profile);
    }

    /** The addresses that were given, by variable name. */
    Map<String, String> asFlags() {
        Map<String, String> flags = new HashMap<>();
        put(flags, Settings.KAFKA, kafka);
        put(flags, Settings.REGISTRY, registry);
        put(flags, Settings.CATALOG, catalog);
        put(flags, Settings.SCHEDULER, scheduler);
        return flags;
    }

    private static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
