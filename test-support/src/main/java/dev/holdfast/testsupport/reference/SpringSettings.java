package dev.holdfast.testsupport.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be set in a Spring Boot service: its own properties, as the metadata describes them that the compiler makes from its
 * configuration classes, and those of Spring that its {@code application.yml} takes from the environment.
 */
public final class SpringSettings {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\{(?<name>(?:HOLDFAST|OTEL)_[A-Z0-9_]+):(?<default>(?:[^{}]|\\$\\{[^}]*})*)}");
    private static final Pattern ENTRY = Pattern.compile("(?<indent> *)(?<key>[A-Za-z0-9_.-]+):(?: +(?<value>.*))?");

    private final Map<String, JsonNode> metadata;
    private final Map<String, String> placeholders;

    private SpringSettings(Map<String, JsonNode> metadata, Map<String, String> placeholders) {
        this.metadata = metadata;
        this.placeholders = placeholders;
    }

    /**
     * Reads the metadata on the class path and a module's {@code application.yml}.
     *
     * @param module the module's folder
     */
    public static SpringSettings of(String module) {
        return new SpringSettings(
                metadata(), entries(Checkout.root().resolve(module).resolve("src/main/resources/application.yml")));
    }

    /**
     * All of them.
     *
     * @param prefixes what the names of the service's own properties begin with
     * @throws AssertionError naming a property without a description
     */
    public List<SettingsTable.Setting> settings(String... prefixes) {
        List<SettingsTable.Setting> settings = new ArrayList<>();
        metadata.keySet().stream()
                .filter(name -> List.of(prefixes).stream().anyMatch(name::startsWith))
                .sorted()
                .forEach(name -> settings.add(setting(name)));
        placeholders.forEach((name, value) -> {
            if (PLACEHOLDER.matcher(value).find()
                    && settings.stream().noneMatch(setting -> setting.variable().equals(variable(name)))) {
                settings.add(setting(name));
            }
        });
        return settings;
    }

    private SettingsTable.Setting setting(String name) {
        JsonNode described = Objects.requireNonNull(metadata.get(name), () -> "no metadata of the property " + name);
        String meaning = described.path("description").asText().replaceAll("\\{@code ([^}]*)}", "`$1`");
        assertThat(meaning).as("the description of the property %s", name).isNotBlank();
        return new SettingsTable.Setting(
                variable(name),
                SettingsTable.form(described.path("type").asText()),
                otherwise(name, described.path("defaultValue")),
                lowerCase(meaning));
    }

    /** Spring's own sentences begin with a capital. */
    private static String lowerCase(String sentence) {
        String text = sentence.replaceAll("\\.$", "");
        return text.length() > 1 && Character.isLowerCase(text.charAt(1))
                ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
                : text;
    }

    private String variable(String property) {
        Matcher placeholder = PLACEHOLDER.matcher(placeholders.getOrDefault(property, ""));
        return placeholder.find()
                ? placeholder.group("name")
                // how Spring Boot derives the name of a variable
                : property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private String otherwise(String property, JsonNode defaultValue) {
        Matcher placeholder = PLACEHOLDER.matcher(placeholders.getOrDefault(property, ""));
        String value = placeholder.find() ? placeholder.group("default") : scalar(defaultValue);
        Matcher host = Pattern.compile("\\$\\{HOSTNAME:.*}").matcher(value);
        return host.matches() ? "the host's name" : value.isBlank() ? "none" : "`%s`".formatted(value);
    }

    private static String scalar(JsonNode value) {
        return value.isArray() || value.isMissingNode() ? "" : value.asText();
    }

    private static Map<String, JsonNode> metadata() {
        Map<String, JsonNode> found = new HashMap<>();
        ObjectMapper json = new ObjectMapper();
        try {
            for (URL file : Collections.list(SpringSettings.class
                    .getClassLoader()
                    .getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream stream = file.openStream()) {
                    json.readTree(stream)
                            .path("properties")
                            .forEach(property -> found.put(property.path("name").asText(), property));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the metadata of properties", e);
        }
        return found;
    }

    /** The properties of a file of plain maps, by their whole names. */
    private static Map<String, String> entries(Path file) {
        Map<String, String> entries = new LinkedHashMap<>();
        Deque<String> keys = new ArrayDeque<>();
        Deque<Integer> indents = new ArrayDeque<>();
        for (String line : lines(file)) {
            Matcher entry = ENTRY.matcher(line);
            if (!entry.matches()) {
                continue;
            }
            int indent = entry.group("indent").length();
            while (!indents.isEmpty() && indents.getFirst() >= indent) {
                indents.pop();
                keys.pop();
            }
            String name = keys.isEmpty() ? entry.group("key") : keys.getFirst() + "." + entry.group("key");
            if (entry.group("value") == null) {
                indents.push(indent);
                keys.push(name);
            } else {
                entries.put(name, entry.group("value"));
            }
        }
        return entries;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
