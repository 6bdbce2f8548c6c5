package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The scripts of the database's pod, run as its containers run them, with the settings of the manifests: a cluster is made, archived, backed
 * up and restored, and what must be refused is refused. Only folders differ.
 */
class DatabaseScriptsIT {

    private static final Path SCRIPTS = Manifests.HOME.resolve("base/database");
    private static final String PROGRAMS =
            System.getenv().getOrDefault("HOLDFAST_PG_BIN", "/usr/lib/postgresql/15/bin");

    private final Path home = DatabaseUser.newFolder("holdfast-kubernetes-");
    private final Path data = home.resolve("pgdata");

    @BeforeEach
    void layOut() throws IOException {
        run("mkdir", "-p", at("run"), at("locks"), at("repository"), at("conf.d"), at("settings"));
        for (String script : List.of("init-cluster", "make-stanza", "restore")) {
            write(script, Files.readString(SCRIPTS.resolve(script)));
        }
        write("pgbackrest.conf", Files.readString(Manifests.HOME.resolve("base/pgbackrest.conf")));
        write("conf.d/cipher.conf", "[global]\nrepo1-cipher-pass=a pass for this test alone\n");
        write("settings/postgresql.conf", Files.readString(SCRIPTS.resolve("postgresql.conf")));
        String rules = Files.readString(SCRIPTS.resolve("pg_hba.conf"));
        // a test that does not run as root has no user postgres to be
        write("settings/pg_hba.conf", DatabaseUser.name().equals("postgres") ? rules : rules.replace("peer", "trust"));
        write("password", "it's a pass");
    }

    @AfterEach
    void remove() {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            attempt("pg_ctl", "stop", "-D", data.toString(), "-m", "immediate", "-w");
        }
        run("rm", "-rf", home.toString());
    }

    @Test
    void aDatabaseIsMadeAndComesBackAsItWasAtAnInstant() {
        run("bash", at("init-cluster"), data.toString());
        start();
        assertThat(makeStanza().stdout()).contains("stanza mcpgov is there, and the archive works");
        assertThat(sql("show data_checksums")).isEqualTo("on");
        assertThat(sql("select datdba::regrole from pg_database where datname = 'mcpgov'"))
                .isEqualTo("mcp");
        // again, as at each start of the pod
        run("bash", at("init-cluster"), data.toString());
        assertThat(makeStanza().exitCode()).isZero();

        run("pgbackrest", "--stanza=mcpgov", "--type=full", "backup");
        // pgBackRest knows of whole seconds, and restores to none in which a backup ended
        sql("select pg_sleep_until(date_trunc('second', clock_timestamp()) + interval '1 second')");
        sql("create table decisions as select 42 as answer");
        String before =
                sql("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'");
        sql("drop table decisions");
        sql("select pg_switch_wal()");

        assertThat(restore(before).stderr()).contains("postmaster.pid is there");
        stop();
        assertThat(restore("2026-11-26 11:59:30").stderr()).contains("is no instant with an offset");
        assertThat(data.resolveSibling("pgdata.before-restore")).doesNotExist();

        Command.Ended tooEarly = restore("2001-01-01 00:00:00+00");
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.stderr()).contains("everything is as it was");
        assertThat(data.resolve("PG_VERSION")).exists();
        assertThat(data.resolveSibling("pgdata.before-restore")).doesNotExist();

        Command.Ended restored = restore(before);
        assertThat(restored.exitCode())
                .as(restored.stdout() + restored.stderr())
                .isZero();
        assertThat(data.resolveSibling("pgdata.before-restore").resolve("PG_VERSION"))
                .exists();
        start();
        makeStanza();
        assertThat(sql("select answer from decisions")).isEqualTo("42");
        assertThat(sql("show archive_mode"))
                .as("until somebody has looked at it")
                .isEqualTo("off");
        stop();
        assertThat(restore("").stderr()).contains("before-restore is there, of an earlier restore");
    }

    @Test
    void withoutABackupNothingIsTouched() {
        run("bash", at("init-cluster"), data.toString());
        start();
        makeStanza();
        stop();

        Command.Ended ended = restore("");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stderr()).contains("no backup of mcpgov: nothing was touched");
        assertThat(data.resolve("PG_VERSION")).exists();
    }

    @Test
    void noClusterIsMadeWhereOneWas() {
        run("mkdir", data.toString());
        run("touch", data.resolve("something").toString());
        assertThat(attempt("bash", at("init-cluster"), data.toString()).stderr())
                .contains("is not empty");

        run("rm", "-r", data.toString());
        run("mkdir", data + ".before-restore");
        assertThat(attempt("bash", at("init-cluster"), data.toString()).stderr())
                .contains("moved aside");
        assertThat(data).doesNotExist();
    }

    @Test
    void aStanzaThatCannotBeMadeKeepsNothingFromStarting() throws IOException {
        run("bash", at("init-cluster"), data.toString());
        start();
        run("touch", at("file"));
        write(
                "pgbackrest.conf",
                Files.readString(home.resolve("pgbackrest.conf"))
                        .replace("repo1-path=" + at("repository"), "repo1-path=" + at("file")));

        Command.Ended ended = makeStanza();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.stderr()).contains("stanza mcpgov is not as it should be");
        assertThat(sql("select 1")).isEqualTo("1");
    }

    private Command.Ended makeStanza() {
        Command.Ended ended = attempt("bash", at("make-stanza"), "mcpgov", "mcp", at("password"));
        assertThat(ended.exitCode()).as(ended.stdout() + ended.stderr()).isZero();
        return ended;
    }

    private Command.Ended restore(String target) {
        return attempt("bash", at("restore"), data.toString(), "mcpgov", target);
    }

    private void start() {
        run(
                "pg_ctl",
                "start",
                "-w",
                "-t",
                "300",
                "-s",
                "-D",
                data.toString(),
                "-l",
                at("log"),
                "-o",
                "-c config_file=%s -c listen_addresses= -c shared_buffers=16MB"
                        .formatted(at("settings/postgresql.conf")));
    }

    private void stop() {
        run("pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w", "-s");
    }

    private String sql(String sql) {
        return run("psql", "-XqAt", "-U", "postgres", "-d", "postgres", "-c", sql)
                .strip();
    }

    private String run(String... command) {
        Command.Ended ended = attempt(command);
        assertThat(ended.exitCode())
                .as(String.join(" ", command) + "\n" + ended.stdout() + ended.stderr())
                .isZero();
        return ended.stdout();
    }

    private Command.Ended attempt(String... command) {
        List<String> all = new ArrayList<>(List.of("env", "PATH=" + PROGRAMS + ":" + System.getenv("PATH")));
        all.addAll(List.of(command));
        return Command.run(
                DatabaseUser.as(all),
                Map.of(
                        "PGHOST", at("run"),
                        "PGBACKREST_CONFIG", at("pgbackrest.conf"),
                        "PGBACKREST_CONFIG_INCLUDE_PATH", at("conf.d")));
    }

    private String at(String name) {
        return home.resolve(name).toString();
    }

    /** Puts a file there that is the user's; folders of the pod are replaced by those of the test. */
    private void write(String name, String text) throws IOException {
        Path file = Files.createTempFile("holdfast-", "");
        try {
            Files.writeString(
                    file,
                    text.replace("/var/lib/postgresql/data/pgdata", data.toString())
                            .replace("/var/lib/pgbackrest", at("repository"))
                            .replace("/run/pgbackrest", at("locks"))
                            .replace("/var/run/postgresql", at("run"))
                            .replace("/etc/postgresql", at("settings")));
            Command.output(List.of("chmod", "0644", file.toString()));
            run("cp", file.toString(), at(name));
        } finally {
            Files.delete(file);
        }
    }
}
