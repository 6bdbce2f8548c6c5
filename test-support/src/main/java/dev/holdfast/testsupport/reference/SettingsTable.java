package dev.holdfast.testsupport.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be set from outside, as a table. A variable is described where it is read: in {@code @param} of a record's component,
 * or at the constant that holds its name, in the form {@code `NAME`, default X: meaning} or {@code `NAME`, required: meaning}. A default
 * in code marks is a value; others are words.
 */
public final class SettingsTable {

    /** How the name of a variable looks. */
    private static final Pattern VARIABLE = Pattern.compile("HOLDFAST_[A-Z0-9_]+");

    private static final Pattern DESCRIBED = Pattern.compile(
            "`(?<name>HOLDFAST_[A-Z0-9_]+)`, (?:(?<required>required)|default (?<default>.+?)): (?<meaning>.+)",
            Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|SECRET|TOKEN|PASS)");

    private final List<Setting> settings = new ArrayList<>();

    /**
     * One of them.
     *
     * @param variable the name in the environment
     * @param form what its values look like, in a word
     * @param otherwise what holds where it is not set: words or a value in code marks; {@code required} where there is none
     * @param meaning what it means
     */
    public record Setting(String variable, String form, String otherwise, String meaning) {

        /** True for what nobody else may see. */
        public boolean secret() {
            return SECRET.matcher(variable).matches();
        }

        /** The default where it is a value, without marks; empty if there is none. */
        public String value() {
            return otherwise.startsWith("`") ? otherwise.replace("`", "") : "";
        }
    }

    /**
     * All variables that a module names in its code.
     *
     * @param module its folder
     * @param elsewhere variables that the code names and that another module describes, or that are no settings
     * @throws AssertionError naming a variable without a description, and where it stands
     */
    public static SettingsTable of(String module, Set<String> elsewhere) {
        ModuleSources sources = ModuleSources.of(module);
        Map<String, Setting> described = new LinkedHashMap<>();
        sources.components().forEach(component -> read(component, described));
        sources.constants().forEach(constant -> read(constant, described));
        Map<String, String> named = new TreeMap<>(sources.texts());
        named.keySet().removeIf(text -> !VARIABLE.matcher(text).matches() || elsewhere.contains(text));
        named.keySet().removeAll(described.keySet());
        assertThat(named)
                .as(
                        "variables that %s reads and nobody describes, by the file that names them; say in Javadoc: {@code NAME}, default {@code X}: meaning",
                        module)
                .isEmpty();
        SettingsTable table = new SettingsTable();
        table.settings.addAll(described.values());
        return table;
    }

    /** A table of these. */
    public static SettingsTable of(List<Setting> settings) {
        SettingsTable table = new SettingsTable();
        settings.stream().sorted(Comparator.comparing(Setting::variable)).forEach(table.settings::add);
        return table;
    }

    /** What is in it. */
    public List<Setting> settings() {
        return List.copyOf(settings);
    }

    /** As Markdown. */
    public String text() {
        StringBuilder text = new StringBuilder("| variable | form | default | |\n|---|---|---|---|\n");
        for (Setting setting : settings) {
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            setting.variable(),
                            setting.secret() ? "**secret**" : setting.form(),
                            setting.otherwise(),
                            CodeTable.cell(setting.meaning())));
        }
        return text.toString();
    }

    /** What values of a Java type look like, in a word. */
    static String form(String type) {
        String simple = type.replaceAll("<.*", "").replaceAll(".*\\.", "");
        return switch (simple) {
            case "int", "long", "Integer", "Long" -> "number";
            case "double", "Double" -> "number";
            case "boolean", "Boolean" -> "yes or no";
            case "Duration" -> "duration";
            case "Period" -> "period";
            case "Path" -> "path";
            case "List", "Set" -> "list";
            case "Map" -> "list of name=value";
            default -> "text";
        };
    }

    private static void read(ModuleSources.Commented commented, Map<String, Setting> into) {
        Matcher matcher = DESCRIBED.matcher(commented.text());
        if (matcher.matches()) {
            String otherwise = matcher.group("required") == null ? matcher.group("default") : "required";
            into.putIfAbsent(
                    matcher.group("name"),
                    new Setting(matcher.group("name"), form(commented.type()), otherwise, matcher.group("meaning")));
        }
    }
}
