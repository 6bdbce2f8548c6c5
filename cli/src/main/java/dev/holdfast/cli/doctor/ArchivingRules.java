package dev.holdfast.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a running cluster's settings and its archiver say, and what of it would cost data. */
final class ArchivingRules {

    private static final String CHECK = "archiving";
    private static final Pattern OPTION = Pattern.compile("--(stanza|config)[= ]\\s*[\"']?([^\\s\"']+)");
    private static final List<String> USUAL_FOLDERS = List.of("/usr/bin", "/usr/local/bin", "/bin");
    private static final int LONG_QUEUE = 16;
    private static final int USUAL_SENDERS = 10;

    private final PgBackRestConf conf;
    private final String stanza;
    private final Map<String, String> facts;

    /**
     * Rules over facts.
     *
     * @param facts settings by name, and {@link ClusterExamination}'s own
     */
    ArchivingRules(PgBackRestConf conf, String stanza, Map<String, String> facts) {
        this.conf = conf;
        this.stanza = stanza;
        this.facts = Map.copyOf(facts);
    }

    List<Finding> check() {
        List<Finding> findings = new ArrayList<>();
        level().ifPresent(findings::add);
        if (fact("archive_mode").equals("off")) {
            findings.add(Finding.error(
                    CHECK,
                    stanza,
                    "archive_mode is off",
                    "no WAL leaves the cluster: backups end with error 87, and nothing can be restored to an instant",
                    "alter system set archive_mode = on; then restart PostgreSQL"));
        } else {
            command().ifPresent(findings::add);
            failing().ifPresent(findings::add);
            queue().ifPresent(findings::add);
        }
        timeout().ifPresent(findings::add);
        restoreCommand().ifPresent(findings::add);
        keptWal().ifPresent(findings::add);
        senders().ifPresent(findings::add);
        if (findings.stream().noneMatch(finding -> finding.outcome() == Finding.Outcome.ERROR)) {
            findings.addFirst(Finding.ok(
                    CHECK,
                    stanza,
                    "PostgreSQL archives with pgBackRest; the last segment was %s"
                            .formatted(fact("last_archived_wal").isEmpty() ? "none yet" : fact("last_archived_wal"))));
        }
        return findings;
    }

    private Optional<Finding> level() {
        return when(
                fact("wal_level").equals("minimal"),
                Finding.error(
                        CHECK,
                        stanza,
                        "wal_level is minimal",
                        "its WAL cannot be replayed; backups of a running cluster are refused",
                        "alter system set wal_level = replica; then restart PostgreSQL"));
    }

    private Optional<Finding> command() {
        String command = fact("archive_command");
        String good =
                "alter system set archive_command = 'pgbackrest %s--stanza=%s archive-push %%p'; select pg_reload_conf()"
                        .formatted(conf.option(), stanza);
        if (!fact("archive_library").isEmpty()) {
            return Optional.of(Finding.error(
                    CHECK,
                    stanza,
                    "archive_library is '%s'".formatted(fact("archive_library")),
                    "PostgreSQL then does not use archive_command, which is how pgBackRest gets its WAL",
                    "alter system set archive_library = ''; " + good));
        }
        if (!command.contains("pgbackrest") || !command.contains("archive-push")) {
            return Optional.of(Finding.error(
                    CHECK,
                    stanza,
                    command.isEmpty() || command.equals("(disabled)")
                            ? "archive_command is not set"
                            : "archive_command is '%s'".formatted(command),
                    "pgBackRest gets no WAL: backups end with error 68 or 82, and what PostgreSQL takes for archived is gone",
                    good));
        }
        return wrongOption(command, good).or(() -> missingProgram(command, good));
    }

    private Optional<Finding> wrongOption(String command, String good) {
        Matcher options = OPTION.matcher(command);
        Path read =
                PgBackRestConf.USUAL.stream().filter(Files::exists).findFirst().orElse(PgBackRestConf.USUAL.getFirst());
        while (options.find()) {
            if (options.group(1).equals("config")) {
                read = Path.of(options.group(2));
            } else if (!options.group(2).equals(stanza)) {
                return Optional.of(Finding.error(
                        CHECK,
                        stanza,
                        "archive_command pushes to the stanza %s".formatted(options.group(2)),
                        "the stanza %s gets no WAL: its backups cannot be restored".formatted(stanza),
                        good));
            }
        }
        return when(
                !read.normalize().equals(conf.file().toAbsolutePath().normalize()),
                Finding.warning(
                        CHECK,
                        stanza,
                        "archive_command reads %s, not %s".formatted(read, conf.file()),
                        "WAL and backups go to where two different files say, which may be two places",
                        good));
    }

    /** The classic of containers: PostgreSQL's image has no pgBackRest. */
    private Optional<Finding> missingProgram(String command, String good) {
        String program = command.strip().split("\\s+", 2)[0].replaceAll("[\"']", "");
        return when(
                program.contains("/")
                        ? !Files.isExecutable(Path.of(program))
                        : !program.contains("=") && isNowhere(program),
                Finding.error(
                        CHECK,
                        stanza,
                        "archive_command runs '%s', which is not there".formatted(program),
                        "every segment fails ('could not open file' or 'not found' in PostgreSQL's log) and stays in pg_wal until its disk is full",
                        "install pgbackrest where PostgreSQL runs, in its container too; then " + good));
    }

    private static boolean isNowhere(String program) {
        List<String> folders = new ArrayList<>(USUAL_FOLDERS);
        folders.addAll(Arrays.asList(System.getenv().getOrDefault("PATH", "").split(":", -1)));
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private Optional<Finding> failing() {
        return when(
                fact("archiver_failing").equals("t"),
                Finding.error(
                        CHECK,
                        stanza,
                        "the archiver fails at %s (%s failures)"
                                .formatted(fact("last_failed_wal"), fact("failed_count")),
                        "no later segment is archived before that one: nothing since then can be restored, and pg_wal grows",
                        "PostgreSQL's log says why; run the command by hand: pgbackrest %s--stanza=%s check"
                                .formatted(conf.option(), stanza)));
    }

    private Optional<Finding> queue() {
        String waiting = fact("waiting_segments");
        return when(
                waiting.matches("[0-9]{1,9}") && Integer.parseInt(waiting) > LONG_QUEUE,
                Finding.warning(
                        CHECK,
                        stanza,
                        "%s segments wait to be archived".formatted(waiting),
                        "archiving is slower than the database writes, or stands still",
                        "archive-async=y and spool-path in [global] push several at once; look at the repository's disk or network"));
    }

    private Optional<Finding> timeout() {
        return when(
                fact("archive_timeout").equals("0"),
                Finding.warning(
                        CHECK,
                        stanza,
                        "archive_timeout is off",
                        "on a quiet day a segment fills in hours: until then its changes exist on this host only",
                        "alter system set archive_timeout = '60s'; select pg_reload_conf()"));
    }

    private Optional<Finding> restoreCommand() {
        return when(
                !fact("restore_command").isEmpty() && fact("in_recovery").equals("f"),
                Finding.warning(
                        CHECK,
                        stanza,
                        "restore_command is set on a primary",
                        "it has no effect here, and pgbackrest restore writes its own",
                        "alter system reset restore_command; and remove it from postgresql.conf"));
    }

    private Optional<Finding> keptWal() {
        String kept = fact("wal_keep_size");
        return when(
                kept.matches("[0-9]{1,9}")
                        && Integer.parseInt(kept) > 0
                        && fact("in_recovery").equals("f"),
                Finding.warning(
                        CHECK,
                        stanza,
                        "wal_keep_size is %s MB".formatted(kept),
                        "pgBackRest does not need it; unless a standby without a slot does, it only takes room in pg_wal",
                        "alter system reset wal_keep_size; select pg_reload_conf()"));
    }

    private Optional<Finding> senders() {
        String senders = fact("max_wal_senders");
        return when(
                senders.matches("[0-9]{1,9}") && Integer.parseInt(senders) < USUAL_SENDERS,
                Finding.warning(
                        CHECK,
                        stanza,
                        "max_wal_senders is %s, less than PostgreSQL's own %d".formatted(senders, USUAL_SENDERS),
                        "pgBackRest uses none; standbys, pg_basebackup and logical replication find no place, and a restore elsewhere needs at least the same",
                        "alter system reset max_wal_senders, remove it from postgresql.conf; then restart PostgreSQL"));
    }

    private String fact(String name) {
        return facts.getOrDefault(name, "");
    }

    private static Optional<Finding> when(boolean condition, Finding finding) {
        return condition ? Optional.of(finding) : Optional.empty();
    }
}
