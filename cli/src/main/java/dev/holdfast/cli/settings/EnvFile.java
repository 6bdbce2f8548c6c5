package dev.holdfast.cli.settings;

import dev.holdfast.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of shell exports, one {@code export NAME=value} a line, as {@code holdfast env} prints it. */
final class EnvFile {

    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");

    private static final Set<String> SECRETS = Set.of("HOLDFAST_TOKEN", "HOLDFAST_CLIENT_SECRET");
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private EnvFile() {}

    /** Its variables; none if there is no such file. */
    static Map<String, String> read(Path file) {
        try {
            Map<String, String> variables = new HashMap<>();
            Files.readAllLines(file).forEach(line -> add(variables, file, line.strip()));
            if (variables.keySet().stream().anyMatch(SECRETS::contains)) {
                refuseIfOthersRead(file);
            }
            return variables;
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw CommandFailure.usage("cannot read the settings file %s: %s".formatted(file, e));
        }
    }

    private static void refuseIfOthersRead(Path file) throws IOException {
        if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
            throw CommandFailure.usage("%s holds a secret, and others than its owner may read it; run: chmod 600 %s"
                    .formatted(file, file));
        }
    }

    private static void add(Map<String, String> variables, Path file, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw CommandFailure.usage(
                    "%s: '%s' is not a setting; expected lines such as export HOLDFAST_KAFKA=127.0.0.1:9092"
                            .formatted(file, line));
        }
        variables.put(matcher.group(1), unquoted(matcher.group(2).strip()));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '\'' || value.charAt(0) == '"')
                && value.charAt(value.length() - 1) == value.charAt(0);
        // outside quotes a backslash makes the next character ordinary, as bash's own %q writes it
        return quoted ? value.substring(1, value.length() - 1) : value.replaceAll("\\\\(.)", "$1");
    }
}
