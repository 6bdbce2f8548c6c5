package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * pgBackRest's configuration as it is written, read more leniently than pgBackRest does, so that every mistake can be named at
 * once.
 *
 * @param file the main file
 * @param isUsual true if pgBackRest finds it by itself, and the files of its folder {@code conf.d} with it
 * @param settings every {@code name=value}, in order, of the main file and then of the included ones
 * @param strays lines that pgBackRest cannot read, their place in {@link Setting#place}
 */
record PgBackRestConf(Path file, boolean isUsual, List<Setting> settings, List<Setting> strays) {

    /** Where pgBackRest looks by itself, the first that is there. */
    static final List<Path> USUAL =
            List.of(Path.of("/etc/pgbackrest/pgbackrest.conf"), Path.of("/etc/pgbackrest.conf"));

    private static final Path INCLUDED = Path.of("/etc/pgbackrest/conf.d");
    private static final String GLOBAL = "global";
    private static final Pattern SECTION = Pattern.compile("\\[([^\\]]+)]");
    private static final Pattern REPOSITORY = Pattern.compile("repo([0-9]{1,3})-.*");
    private static final Pattern CLUSTER = Pattern.compile("pg([0-9]{1,3})-.*");

    PgBackRestConf {
        settings = List.copyOf(settings);
        strays = List.copyOf(strays);
    }

    /**
     * Reads a file that somebody names: as with pgBackRest's {@code --config}, nothing else is read then.
     *
     * @throws IOException if it cannot be read
     */
    static PgBackRestConf named(Path file) throws IOException {
        return read(file, false, List.of(file));
    }

    /**
     * Reads the file that pgBackRest finds by itself, and {@code conf.d/*.conf}.
     *
     * @throws IOException if one of them cannot be read
     */
    static PgBackRestConf usual(Path file) throws IOException {
        return read(file, true, withIncluded(file, INCLUDED));
    }

    /** The file, and those of a folder that need not be there. */
    static List<Path> withIncluded(Path file, Path folder) throws IOException {
        List<Path> files = new ArrayList<>(List.of(file));
        if (Files.isDirectory(folder)) {
            try (Stream<Path> included = Files.list(folder)) {
                included.filter(path -> path.toString().endsWith(".conf"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    static PgBackRestConf read(Path file, boolean isUsual, List<Path> files) throws IOException {
        List<Setting> settings = new ArrayList<>();
        List<Setting> strays = new ArrayList<>();
        for (Path each : files) {
            readInto(each, settings, strays);
        }
        return new PgBackRestConf(file, isUsual, settings, strays);
    }

    /** What names this configuration on pgBackRest's command line, with a space behind it; nothing if it needs no naming. */
    String option() {
        return isUsual ? "" : "--config=" + file + " ";
    }

    private static void readInto(Path file, List<Setting> settings, List<Setting> strays) throws IOException {
        String section = "";
        int number = 0;
        for (String raw : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            String line = raw.strip();
            Matcher heading = SECTION.matcher(line);
            int equals = line.indexOf('=');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (heading.matches()) {
                section = heading.group(1);
            } else if (equals < 1 || section.isEmpty()) {
                strays.add(new Setting(section, "", line, file.toString(), number));
            } else {
                settings.add(new Setting(
                        section,
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip(),
                        file.toString(),
                        number));
            }
        }
    }

    /** The stanzas that have a section. */
    Set<String> stanzas() {
        Set<String> stanzas = new LinkedHashSet<>();
        settings.stream()
                .map(Setting::section)
                .map(section -> section.split(":", 2)[0])
                .filter(section -> !section.equals(GLOBAL))
                .forEach(stanzas::add);
        return stanzas;
    }

    /** The setting in force for a stanza, sections of single commands left out; the last one wins where it stands twice. */
    Optional<Setting> find(String stanza, String name) {
        return last(stanza, name).or(() -> last(GLOBAL, name));
    }

    /** Its value without a comment that somebody has put behind it. */
    Optional<String> value(String stanza, String name) {
        return find(stanza, name).map(setting -> withoutComment(setting.value()));
    }

    /** Its value, or what pgBackRest takes without one. */
    String value(String stanza, String name, String byDefault) {
        return value(stanza, name).orElse(byDefault);
    }

    /** True if a switch is on. */
    boolean isOn(String stanza, String name) {
        return value(stanza, name, "n").equals("y");
    }

    /** Numbers of the repositories that are configured for a stanza; 1 if none is named. */
    Set<Integer> repositories(String stanza) {
        Set<Integer> numbers = numbered(stanza, REPOSITORY);
        return numbers.isEmpty() ? Set.of(1) : numbers;
    }

    /** Numbers of a stanza's clusters; 1 if none is named. */
    Set<Integer> clusters(String stanza) {
        Set<Integer> numbers = numbered(stanza, CLUSTER);
        return numbers.isEmpty() ? Set.of(1) : numbers;
    }

    /** The path of the stanza's cluster on this host; empty if its clusters are on other hosts. */
    Optional<Path> localCluster(String stanza) {
        return clusters(stanza).stream()
                .filter(number -> value(stanza, "pg%d-host".formatted(number)).isEmpty())
                .flatMap(number -> value(stanza, "pg%d-path".formatted(number)).stream())
                .map(Path::of)
                .findFirst();
    }

    /** A folder of a cluster that is here although the configuration says that it is on another host; empty if there is none. */
    Optional<Path> misplacedCluster(String stanza) {
        return clusters(stanza).stream()
                .flatMap(number -> value(stanza, "pg%d-path".formatted(number)).stream())
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
    }

    /** True if the repository is a folder of this host. */
    boolean isLocalFolder(String stanza, int repository) {
        return value(stanza, "repo%d-type".formatted(repository), "posix").matches("posix|cifs")
                && value(stanza, "repo%d-host".formatted(repository)).isEmpty();
    }

    /** Where a local repository lies. */
    Path repositoryPath(String stanza, int repository) {
        return Path.of(value(stanza, "repo%d-path".formatted(repository), "/var/lib/pgbackrest"));
    }

    static boolean hasComment(String value) {
        return value.matches("(?s).*\\s#.*");
    }

    static String withoutComment(String value) {
        return value.replaceFirst("(?s)\\s+#.*", "");
    }

    private Optional<Setting> last(String section, String name) {
        return settings.stream()
                .filter(setting ->
                        setting.section().equals(section) && setting.name().equals(name))
                .reduce((first, second) -> second);
    }

    private Set<Integer> numbered(String stanza, Pattern pattern) {
        Set<Integer> numbers = new TreeSet<>();
        for (Setting setting : settings) {
            Matcher matcher = pattern.matcher(setting.name());
            boolean counts =
                    setting.section().equals(stanza) || setting.section().equals(GLOBAL);
            if (counts && matcher.matches()) {
                numbers.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return numbers;
    }
}
