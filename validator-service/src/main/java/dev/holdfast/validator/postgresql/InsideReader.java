package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.Inside;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the preparing script shows of the sandbox. */
final class InsideReader {

    private static final Pattern MAJOR = Pattern.compile("PostgreSQL\\) (\\d+)");

    private InsideReader() {}

    static Inside read(String text) {
        List<String> lines = text.lines().toList();
        String[] free = value(lines, "free ").split(" ", 2);
        return new Inside(
                value(lines, "user "),
                interfaces(lines),
                value(lines, "status CapEff:").strip(),
                value(lines, "status NoNewPrivs:").strip().equals("1"),
                mounts(lines).stream().anyMatch("/:ro"::equals),
                value(lines, "repository ").equals("writable"),
                mounts(lines).stream().filter(InsideReader::isOurs).toList(),
                free.length < 2 ? 0 : Long.parseLong(free[0]) * Long.parseLong(free[1].strip()),
                major(value(lines, "postgres ")),
                limits(lines));
    }

    /**
     * Looks for what no test can do without.
     *
     * @throws ProofStopped if the sandbox has not the programs, or does not see all of the repository
     */
    static void refuseWhatLacks(String text) {
        List<String> programs = values(text, "lacks ");
        if (!programs.isEmpty()) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "%s %s; deploy/images/build-sandbox builds one that has all that a test needs"
                            .formatted(Check.IMAGE_LACKS, String.join(", ", programs)));
        }
        List<String> links = values(text, "dangling ");
        if (!links.isEmpty()) {
            throw new ProofStopped(
                    Reason.CONFIGURATION,
                    "the repository has a link that leads out of it, to where the sandbox does not see: %s. Mount the folder there instead of linking it"
                            .formatted(String.join(", ", links)));
        }
    }

    private static List<String> values(String text, String prefix) {
        return text.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static String value(List<String> lines, String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .map(line -> line.substring(prefix.length()))
                .orElse("");
    }

    /** Of {@code postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)}. */
    private static Optional<String> major(String version) {
        Matcher match = MAJOR.matcher(version);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    private static Map<String, String> limits(List<String> lines) {
        Map<String, String> limits = new HashMap<>();
        lines.stream()
                .filter(line -> line.startsWith("limit "))
                .map(line -> line.split(" ", 3))
                .filter(parts -> parts.length == 3)
                .forEach(parts -> limits.put(parts[1], parts[2].strip()));
        return limits;
    }

    private static List<String> interfaces(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("net ") && line.contains(":"))
                .map(line -> line.substring(4, line.indexOf(':')).strip())
                .toList();
    }

    /** Mount point and its own options, as {@code /repo:ro}. */
    private static List<String> mounts(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("mount "))
                .map(line -> line.split(" "))
                .filter(parts -> parts.length > 6)
                .map(parts -> parts[5] + ":" + (List.of(parts[6].split(",")).contains("ro") ? "ro" : "rw"))
                .toList();
    }

    private static boolean isOurs(String mount) {
        return !mount.startsWith("/proc") && !mount.startsWith("/sys") && !mount.startsWith("/dev");
    }
}
