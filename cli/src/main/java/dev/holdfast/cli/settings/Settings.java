package dev.holdfast.cli.settings;

import dev.holdfast.cli.CommandFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the services are. What is said on the command line wins, then the profile that it names, then the environment, then
 * {@code $HOLDFAST_HOME/env} (written by {@code ./holdfast up}), then the default.
 */
public final class Settings {

    /** {@code HOLDFAST_KAFKA}, default {@code 127.0.0.1:9092}: Kafka's bootstrap servers; {@code --kafka}. */
    public static final String KAFKA = "HOLDFAST_KAFKA";

    /** {@code HOLDFAST_REGISTRY}, default {@code http://127.0.0.1:8085/apis/ccompat/v7}: base URL of the schema registry; {@code --registry}. */
    public static final String REGISTRY = "HOLDFAST_REGISTRY";

    /** {@code HOLDFAST_CATALOG}, default {@code http://127.0.0.1:8080}: base URL of the catalog; {@code --catalog}. */
    public static final String CATALOG = "HOLDFAST_CATALOG";

    /** {@code HOLDFAST_SCHEDULER}, default {@code http://127.0.0.1:8081}: base URL of the scheduler; {@code --scheduler}. */
    public static final String SCHEDULER = "HOLDFAST_SCHEDULER";

    /** {@code HOLDFAST_HOME}, default {@code ~/.holdfast}: folder of the local stack, whose file {@code env} has its addresses. */
    private static final String HOME = "HOLDFAST_HOME";

    private static final Map<String, String> DEFAULTS = Map.of(
            KAFKA, "127.0.0.1:9092",
            REGISTRY, "http://127.0.0.1:8085/apis/ccompat/v7",
            CATALOG, "http://127.0.0.1:8080",
            SCHEDULER, "http://127.0.0.1:8081");

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Resolves every setting.
     *
     * @param flags what the command line says, by variable name
     * @param profile the profile that the command line names
     * @param environment the process environment
     * @param userHome the user's home folder
     */
    public static Settings resolve(
            Map<String, String> flags, Optional<String> profile, Map<String, String> environment, Path userHome) {
        String home = environment.getOrDefault(HOME, "");
        Path holdfastHome = home.isBlank() ? userHome.resolve(".holdfast") : Path.of(home);
        Map<String, String> values = new HashMap<>(DEFAULTS);
        addAll(values, EnvFile.read(holdfastHome.resolve("env")));
        addAll(values, environment);
        profile.ifPresent(name -> addAll(values, profileOf(name, userHome)));
        addAll(values, flags);
        return new Settings(values);
    }

    /** All variables, as a service would find them in its environment. */
    public Map<String, String> asEnvironment() {
        return values;
    }

    /** Base URL of the catalog, without a slash at the end. */
    public String catalog() {
        return url(CATALOG);
    }

    /** Base URL of the scheduler, without a slash at the end. */
    public String scheduler() {
        return url(SCHEDULER);
    }

    private String url(String name) {
        String url = values.getOrDefault(name, "").replaceAll("/+$", "");
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw CommandFailure.usage(
                    "%s is '%s'; expected a URL such as %s".formatted(name, url, DEFAULTS.getOrDefault(name, "")));
        }
        return url;
    }

    private static void addAll(Map<String, String> values, Map<String, String> further) {
        further.forEach((name, value) -> {
            if (name.startsWith("HOLDFAST_") && !value.isBlank()) {
                values.put(name, value);
            }
        });
    }

    private static Map<String, String> profileOf(String name, Path userHome) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw CommandFailure.usage(
                    "'%s' is not a profile's name: letters, digits, '.', '_' and '-' only".formatted(name));
        }
        Path file = userHome.resolve(".config/holdfast/profiles").resolve(name + ".env");
        if (!Files.exists(file)) {
            throw CommandFailure.usage(
                    "there is no profile '%s': expected the file %s with lines such as export HOLDFAST_CATALOG=http://host:8080"
                            .formatted(name, file));
        }
        return EnvFile.read(file);
    }
}
