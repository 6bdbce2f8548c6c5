package dev.holdfast.validator.pgbackrest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * pgBackRest's configuration: sections in brackets, {@code key=value} lines, {@code #} starts a comment line. There are
 * no comments behind values.
 */
final class ConfigurationFile {

    private static final String DEFAULT_REPOSITORY = "/var/lib/pgbackrest";
    private static final Pattern REPOSITORY_KEY = Pattern.compile("repo(\\d*)-(path|type|host)");
    private static final Pattern DATABASE_HOST = Pattern.compile("\\s*pg\\d*-host");
    private static final Pattern REPOSITORY_OPTION = Pattern.compile("repo(\\d{0,4})-.+");
    private static final String REPOSITORY_VARIABLE = "PGBACKREST_REPO";

    private final Map<String, Map<String, String>> sections = new HashMap<>();
    private final Map<String, String> environment;
    private final List<String> lines;

    /**
     * Reads the lines of a file.
     *
     * @param environment the process environment, whose {@code PGBACKREST_*} variables win over the file
     */
    ConfigurationFile(List<String> lines, Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.lines = List.copyOf(lines);
        String section = "";
        for (String raw : lines) {
            String line = raw.strip();
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.startsWith("#") && line.contains("=")) {
                int equals = line.indexOf('=');
                sections.computeIfAbsent(section, _ -> new HashMap<>())
                        .put(
                                line.substring(0, equals).strip(),
                                line.substring(equals + 1).strip());
            }
        }
    }

    /** The repository that pgBackRest takes where none is named: the one with the lowest number. */
    int defaultRepository(String stanza) {
        SortedSet<Integer> numbers = repositories(stanza);
        return numbers.isEmpty() ? 1 : numbers.getFirst();
    }

    /** The numbers of all that the file gives a stanza; empty if it names none, then there is one at pgBackRest's usual place. */
    SortedSet<Integer> repositories(String stanza) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String section : sectionsOf(stanza)) {
            for (String key : sections.getOrDefault(section, Map.of()).keySet()) {
                Matcher match = REPOSITORY_KEY.matcher(key);
                if (match.matches()) {
                    numbers.add(match.group(1).isEmpty() ? 1 : Integer.parseInt(match.group(1)));
                }
            }
        }
        return numbers;
    }

    /** The folder of a repository. */
    String path(String stanza, int repository) {
        return value(stanza, repository, "path").orElse(DEFAULT_REPOSITORY);
    }

    /**
     * What a sandbox needs of it: the repository's values of the environment in the place of those in the file, because an
     * environment is shown to whoever may ask the container engine; no way to the database's host, where nothing may be
     * restored from here; and nothing of other repositories. pgBackRest fetches WAL from any that it knows: one that cannot be
     * reached from the sandbox would keep recovery from its end, and one that can would fill the holes of the one that is tested.
     *
     * @param repository the number of the one that is tested
     */
    String forSandbox(int repository) {
        SortedMap<String, String> variables = repositoryVariables();
        variables.keySet().removeIf(option -> isOfAnother(repository, option));
        List<String> kept = new ArrayList<>(lines.stream()
                .filter(line -> !DATABASE_HOST.matcher(line).lookingAt())
                .filter(line -> !isOfAnother(repository, keyOf(line)))
                .filter(line -> !variables.containsKey(keyOf(line)))
                .toList());
        kept.add("[global]");
        variables.forEach((option, value) -> kept.add(option + "=" + value));
        return String.join("\n", kept) + "\n";
    }

    private static boolean isOfAnother(int repository, String option) {
        Matcher match = REPOSITORY_OPTION.matcher(option);
        return match.matches() && (match.group(1).isEmpty() ? 1 : Integer.parseInt(match.group(1))) != repository;
    }

    private SortedMap<String, String> repositoryVariables() {
        SortedMap<String, String> options = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(REPOSITORY_VARIABLE)) {
                options.put(
                        name.substring("PGBACKREST_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'),
                        value);
            }
        });
        return options;
    }

    private static String keyOf(String line) {
        int equals = line.indexOf('=');
        return equals < 0 ? "" : line.substring(0, equals).strip();
    }

    /** The value of a repository's option, named without its prefix; empty if it is not set. */
    Optional<String> value(String stanza, int repository, String name) {
        String variable = environment.get("PGBACKREST_REPO%d_%s".formatted(repository, name.toUpperCase(Locale.ROOT)));
        if (variable != null) {
            return Optional.of(variable);
        }
        for (String section : sectionsOf(stanza)) {
            Map<String, String> keys = sections.getOrDefault(section, Map.of());
            String value = keys.get("repo%d-%s".formatted(repository, name));
            if (value == null && repository == 1) {
                value = keys.get("repo-" + name);
            }
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** In the order in which pgBackRest looks. */
    private static List<String> sectionsOf(String stanza) {
        List<String> names = new ArrayList<>();
        names.add(stanza + ":restore");
        names.add(stanza);
        names.add("global:restore");
        names.add("global");
        return names;
    }
}
