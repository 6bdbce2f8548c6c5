package dev.holdfast.cli.doctor;

import dev.holdfast.cli.doctor.Programs.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks a stanza's running cluster, through psql and as the user who owns it, whether it is the one meant and archives. */
final class ClusterExamination {

    private static final String CHECK = "postgresql";
    private static final int PER_MAJOR = 10_000;

    /** Each a line {@code name=value}. */
    private static final List<String> QUESTIONS = List.of("""
            select name || '=' || setting from pg_settings where name in (
              'server_version_num', 'data_directory', 'wal_level', 'archive_mode', 'archive_command', 'archive_library',
              'archive_timeout', 'restore_command', 'wal_keep_size', 'max_wal_senders', 'data_checksums', 'fsync', 'full_page_writes')""", """
            select unnest(array[
              'last_archived_wal=' || coalesce(last_archived_wal, ''), 'last_failed_wal=' || coalesce(last_failed_wal, ''),
              'failed_count=' || failed_count,
              'archiver_failing=' || case when last_failed_time > coalesce(last_archived_time, '-infinity') then 't' else 'f' end,
              'in_recovery=' || case when pg_is_in_recovery() then 't' else 'f' end])
            from pg_stat_archiver""", """
            select 'waiting_segments=' || count(*) from pg_ls_archive_statusdir() where name like '%.ready'""");

    private final PgBackRestConf conf;
    private final String stanza;
    private final OsUser user;
    private final Path folder;

    /**
     * Of the cluster in a folder of this host.
     *
     * @param user who owns it
     * @param folder its {@code pg1-path}
     */
    ClusterExamination(PgBackRestConf conf, String stanza, OsUser user, Path folder) {
        this.conf = conf;
        this.stanza = stanza;
        this.user = user;
        this.folder = folder;
    }

    List<Finding> examine(Optional<ToolVersion> version) {
        Ended ended = Programs.run(user, psql());
        if (ended.status() == 127) {
            return List.of(Finding.notRun(
                    CHECK, stanza, "psql is not on this host: " + ended.err(), "apt-get install postgresql-client"));
        }
        if (!ended.isGood()) {
            return List.of(unanswered(ended));
        }
        Map<String, String> facts = facts(ended.out());
        List<Finding> findings = new ArrayList<>();
        findings.add(identity(facts));
        supported(facts, version).ifPresent(findings::add);
        findings.addAll(new ArchivingRules(conf, stanza, facts).check());
        findings.addAll(safety(facts));
        return findings;
    }

    private List<String> psql() {
        List<String> command = new ArrayList<>(List.of(
                program(), "-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-p", option("port", "5432")));
        conf.value(stanza, prefix() + "socket-path").ifPresent(socket -> command.addAll(List.of("-h", socket)));
        conf.value(stanza, prefix() + "user").ifPresent(role -> command.addAll(List.of("-U", role)));
        command.addAll(List.of("-d", option("database", "postgres")));
        QUESTIONS.forEach(question -> command.addAll(List.of("-c", question)));
        return command;
    }

    private String option(String name, String byDefault) {
        return conf.value(stanza, prefix() + name, byDefault);
    }

    private String prefix() {
        return conf.clusters(stanza).stream()
                .filter(number -> conf.value(stanza, "pg%d-path".formatted(number))
                        .map(Path::of)
                        .filter(folder::equals)
                        .isPresent())
                .findFirst()
                .map("pg%d-"::formatted)
                .orElse("pg1-");
    }

    /** The newest of PostgreSQL's own: Debian's on the PATH is a script that guesses a cluster. */
    private static String program() {
        Path versions = Path.of("/usr/lib/postgresql");
        try (Stream<Path> found = Files.isDirectory(versions) ? Files.list(versions) : Stream.empty()) {
            return found.filter(folder -> folder.getFileName().toString().matches("[0-9]+"))
                    .sorted((one, other) -> Integer.compare(number(other), number(one)))
                    .map(folder -> folder.resolve("bin/psql"))
                    .filter(Files::isExecutable)
                    .map(Path::toString)
                    .findFirst()
                    .orElse("psql");
        } catch (IOException e) {
            return "psql"; // not Debian's layout, or closed to us: then whatever the PATH has
        }
    }

    private static int number(Path folder) {
        return Integer.parseInt(folder.getFileName().toString());
    }

    private Finding unanswered(Ended ended) {
        return Finding.error(
                CHECK,
                stanza,
                "the cluster %s does not answer: %s".formatted(folder, ended.lastWords()),
                "backups end with error 56; what PostgreSQL is set to could not be looked at",
                "start PostgreSQL, or correct %sport and %ssocket-path in [%s]".formatted(prefix(), prefix(), stanza));
    }

    private static Map<String, String> facts(String lines) {
        Map<String, String> facts = new HashMap<>();
        for (String line : lines.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return facts;
    }

    private Finding identity(Map<String, String> facts) {
        Path actual = Path.of(facts.getOrDefault("data_directory", "?")).normalize();
        if (actual.equals(folder.normalize())) {
            return Finding.ok(CHECK, stanza, "PostgreSQL %d runs on %s".formatted(major(facts), folder));
        }
        return Finding.error(
                CHECK,
                stanza,
                "what answers on port %s is the cluster %s, not %s".formatted(option("port", "5432"), actual, folder),
                "pgBackRest would start the backup on one cluster and copy the files of another",
                "in [%s]: %spath=%s, or the port and socket of the cluster that is meant"
                        .formatted(stanza, prefix(), actual));
    }

    private Optional<Finding> supported(Map<String, String> facts, Optional<ToolVersion> version) {
        return version.flatMap(tool -> tool.neededFor(major(facts))
                .map(needed -> Finding.error(
                        "pgbackrest",
                        stanza,
                        "pgBackRest %s does not know PostgreSQL %d".formatted(tool, major(facts)),
                        "every command ends with error 46",
                        "install pgBackRest %s or newer from apt.postgresql.org".formatted(needed))));
    }

    private List<Finding> safety(Map<String, String> facts) {
        List<Finding> findings = new ArrayList<>();
        if (facts.getOrDefault("data_checksums", "").equals("off")) {
            findings.add(Finding.warning(
                    CHECK,
                    stanza,
                    "page checksums are off",
                    "neither backups nor restore tests can tell a damaged page from a good one",
                    "with PostgreSQL stopped: pg_checksums --enable -D " + folder));
        }
        for (String setting : List.of("fsync", "full_page_writes")) {
            if (facts.getOrDefault(setting, "").equals("off")) {
                findings.add(Finding.warning(
                        CHECK,
                        stanza,
                        setting + " is off",
                        "a crash may damage the cluster silently, and every backup after it",
                        "alter system set %s = on; select pg_reload_conf()".formatted(setting)));
            }
        }
        return findings;
    }

    private static int major(Map<String, String> facts) {
        String number = facts.getOrDefault("server_version_num", "");
        return number.matches("[0-9]{5,7}") ? Integer.parseInt(number) / PER_MAJOR : 0;
    }
}
