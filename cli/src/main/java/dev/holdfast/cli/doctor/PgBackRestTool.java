package dev.holdfast.cli.doctor;

import dev.holdfast.cli.doctor.Programs.Ended;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program pgBackRest on this host, asked only what changes nothing. */
final class PgBackRestTool {

    private static final String CHECK = "pgbackrest";
    private static final Pattern WORDS = Pattern.compile("(WARN|ERROR): (?:\\[([0-9]{3})]: )?(.*)");
    private static final ToolVersion BLOCK_INCREMENTAL = new ToolVersion(2, 46, 0);
    private static final String INSTALL =
            "install it: apt-get install pgbackrest (PostgreSQL's own repository, apt.postgresql.org, has the newest)";

    private final PgBackRestConf conf;

    PgBackRestTool(PgBackRestConf conf) {
        this.conf = conf;
    }

    /** Its version; empty if it is not here. */
    static Optional<ToolVersion> version() {
        Ended ended = Programs.run(OsUser.self(), List.of("pgbackrest", "version"));
        return ended.isGood() ? ToolVersion.read(ended.out()) : Optional.empty();
    }

    /** Whether it is here at all, and can do what the configuration asks for. */
    static List<Finding> examine(PgBackRestConf conf, List<String> stanzas, Optional<ToolVersion> version) {
        if (version.isEmpty()) {
            return List.of(Finding.error(
                    CHECK,
                    "",
                    "there is no program pgbackrest on the PATH",
                    "nothing is archived or backed up from here; in a container it must be in the image of the database too, because archive_command runs there",
                    INSTALL));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(CHECK, "", "pgBackRest " + version.get()));
        for (String stanza : stanzas) {
            for (int repository : conf.repositories(stanza)) {
                String option = "repo%d-block".formatted(repository);
                if (conf.isOn(stanza, option) && version.get().compareTo(BLOCK_INCREMENTAL) < 0) {
                    findings.add(Finding.error(
                            CHECK,
                            stanza,
                            "%s is on, and pgBackRest is %s".formatted(option, version.get()),
                            "block incremental backups were not finished before 2.46: such backups may not restore",
                            "remove the line, or install pgBackRest 2.46 or newer"));
                }
            }
        }
        return findings;
    }

    /**
     * What {@code info} says of a stanza: its JSON, and every warning and error as a finding.
     *
     * @param info the stanza's part of the JSON; empty if pgBackRest did not give one
     * @param findings what it complained of
     */
    record Told(Optional<Doc> info, List<Finding> findings) {

        Told {
            findings = List.copyOf(findings);
        }
    }

    /** Lets it read the configuration and look at the repository, as the user who owns both. */
    Told info(OsUser user, String stanza) {
        // what stands on the command line is not read from the file: a wrong level would go unnoticed
        Ended loaded = run(user, stanza, List.of("--log-level-stderr=warn"));
        List<Finding> findings = complaints(stanza, loaded);
        if (!loaded.isGood()) {
            return new Told(Optional.empty(), findings.isEmpty() ? List.of(ended(stanza, loaded)) : findings);
        }
        Ended silent = run(
                user,
                stanza,
                List.of("--output=json", "--log-level-console=off", "--log-level-file=off", "--log-level-stderr=off"));
        return new Told(stanzaIn(silent.out(), stanza), findings);
    }

    private Ended run(OsUser user, String stanza, List<String> options) {
        List<String> command = new ArrayList<>(List.of("pgbackrest"));
        if (!conf.isUsual()) {
            command.add("--config=" + conf.file());
        }
        command.add("--stanza=" + stanza);
        command.addAll(options);
        command.add("info");
        return Programs.run(user, command);
    }

    private static Finding ended(String stanza, Ended ended) {
        return Finding.error(
                CHECK,
                stanza,
                "pgbackrest info ended with %d: %s".formatted(ended.status(), ended.lastWords()),
                "nothing can be said about the repository",
                "correct what it names");
    }

    private static List<Finding> complaints(String stanza, Ended ended) {
        List<Finding> findings = new ArrayList<>();
        for (String line : ended.err().lines().toList()) {
            Matcher words = WORDS.matcher(line.strip());
            if (words.matches()) {
                findings.add(complaint(stanza, words));
            }
        }
        return findings;
    }

    private static Finding complaint(String stanza, Matcher words) {
        if (words.group(1).equals("ERROR")) {
            return Finding.error(
                    CHECK,
                    stanza,
                    "pgBackRest refuses: " + words.group(3),
                    "error %s: no command works with this configuration".formatted(words.group(2)),
                    "correct what it names; the findings about syntax may say where");
        }
        return Finding.warning(
                CHECK,
                stanza,
                "pgBackRest warns: " + words.group(3),
                "an option that it does not know has no effect, so something is not as it was meant",
                "correct or remove what it names");
    }

    private static Optional<Doc> stanzaIn(String json, String stanza) {
        try {
            return Json.read(json.strip()) instanceof List<?> stanzas
                    ? stanzas.stream()
                            .map(Doc::of)
                            .filter(doc -> doc.cell("name").equals(stanza))
                            .findFirst()
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no JSON: what it has to complain of, it has said before
        }
    }
}
