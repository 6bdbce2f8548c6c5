package dev.holdfast.runner.pgbackrest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * pgBackRest's configuration as the runner sees it: the file, the files of {@code conf.d} beside it, and {@code
 * PGBACKREST_…} variables, which win.
 *
 * @param digest SHA-256 of all that was read, hexadecimal
 */
record ConfigFile(Map<String, Map<String, String>> sections, Map<String, String> environment, String digest) {

    private static final Path DEBIANS = Path.of("/etc/pgbackrest.conf");
    private static final String VARIABLE_PREFIX = "PGBACKREST_";

    ConfigFile {
        sections = Map.copyOf(sections);
        environment = Map.copyOf(environment);
    }

    /** Never the values: some are secrets. */
    @Override
    public String toString() {
        return "ConfigFile[sections=%s, digest=%s]".formatted(sections.keySet(), digest);
    }

    /**
     * Reads it.
     *
     * @param file such as {@code /etc/pgbackrest.conf}
     * @throws IOException if the file cannot be read
     */
    static ConfigFile read(Path file, Map<String, String> environment) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        Map<String, Map<String, String>> sections = new HashMap<>();
        for (Path part : parts(file)) {
            byte[] bytes = Files.readAllBytes(part);
            sha256.update(bytes);
            parse(new String(bytes, StandardCharsets.UTF_8), sections);
        }
        Map<String, String> variables = new HashMap<>(environment);
        variables.keySet().removeIf(name -> !name.startsWith(VARIABLE_PREFIX));
        variables.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> sha256.update(entry.toString().getBytes(StandardCharsets.UTF_8)));
        return new ConfigFile(sections, variables, HexFormat.of().formatHex(sha256.digest()));
    }

    /** The value that a backup of the stanza sees; empty if none is set. */
    Optional<String> value(String stanza, String key) {
        String variable = VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
        if (environment.containsKey(variable)) {
            return Optional.ofNullable(environment.get(variable));
        }
        return Stream.of(stanza + ":backup", stanza, "global:backup", "global")
                .map(section -> sections.getOrDefault(section, Map.of()).get(key))
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }

    /** The values that must not leave this host. */
    List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        Stream.concat(
                        sections.values().stream().flatMap(section -> section.entrySet().stream()),
                        environment.entrySet().stream())
                .filter(entry -> Redaction.isSecret(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(value -> value.length() > 3)
                .forEach(secrets::add);
        return secrets;
    }

    private static List<Path> parts(Path file) throws IOException {
        List<Path> parts = new ArrayList<>();
        parts.add(file);
        Optional<Path> folder = included(file);
        if (folder.isPresent()) {
            try (Stream<Path> files = Files.list(folder.get())) {
                files.filter(part -> part.toString().endsWith(".conf")).sorted().forEach(parts::add);
            }
        }
        return parts;
    }

    /** The folder whose files belong to the configuration file too; empty if there is none. */
    static Optional<Path> included(Path file) {
        Path folder = file.equals(DEBIANS) ? Path.of("/etc/pgbackrest/conf.d") : file.resolveSibling("conf.d");
        boolean usual =
                file.equals(DEBIANS) || String.valueOf(file.getFileName()).equals("pgbackrest.conf");
        return usual && Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
    }

    private static void parse(String text, Map<String, Map<String, String>> sections) {
        String section = "";
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.startsWith("#") && equals > 0) {
                sections.computeIfAbsent(section, name -> new HashMap<>())
                        .put(
                                line.substring(0, equals).strip(),
                                line.substring(equals + 1).strip());
            }
        }
    }
}
