package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} on a real cluster with a real repository, healthy and then broken in one way at a time. */
class DoctorIT {

    private static final String STANZA = "mcpgov";

    private static final PostgresCluster CLUSTER = PostgresCluster.builder()
            .archiving()
            .setting("archive_timeout", "60")
            .start();
    private static final PgBackRestRepository REPOSITORY = PgBackRestRepository.create(CLUSTER, STANZA);

    private Terminal terminal = new Terminal(Path.of("."));
    private Path home = Path.of(".");

    @AfterAll
    static void stop() {
        try {
            REPOSITORY.close();
        } finally {
            CLUSTER.close();
        }
    }

    @BeforeEach
    void atATerminal(@TempDir Path folder) {
        home = folder;
        terminal = new Terminal(home);
    }

    @Test
    void aHealthyHostHasNoErrors() throws IOException {
        REPOSITORY.backup("full");

        Ended ended = doctor();

        assertThat(errors(ended)).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(found(ended, "OK"))
                .anyMatch(found -> found.startsWith("pgBackRest 2."))
                .anyMatch(found -> found.equals("PostgreSQL 15 runs on " + CLUSTER.dataDirectory()))
                .anyMatch(found -> found.contains("backup(s) in the repository"))
                .anyMatch(found -> found.startsWith("PostgreSQL archives with pgBackRest"));
        // retention is not configured, and a test's repository lies beside its cluster, which runs without fsync
        assertThat(found(ended, "WARNING"))
                .anyMatch(found -> found.contains("repo1-retention-full is not set"))
                .anyMatch(found -> found.contains("on the same disk as the cluster"))
                .anyMatch(found -> found.equals("fsync is off"));
    }

    @Test
    void theLocalStacksConfigurationIsExaminedWhereNoOtherIsNamed() throws IOException {
        Path stack = Files.createDirectory(home.resolve("stack"));
        Files.writeString(
                stack.resolve("env"), "HOLDFAST_PGBACKREST_CONFIG=%s%n".formatted(REPOSITORY.configuration()));
        terminal.env("HOLDFAST_HOME", stack.toString());

        Ended ended = terminal.type("doctor", "--host-only", "-o", "json");

        assertThat(found(ended, "OK")).contains("PostgreSQL 15 runs on " + CLUSTER.dataDirectory());
    }

    @Test
    void aPersonReadsWhatIsWrongWhyAndTheFix() {
        Ended ended = terminal.type(
                "doctor", "--host-only", "--config", REPOSITORY.configuration().toString());

        assertThat(ended.out())
                .startsWith("OUTCOME  CHECK")
                .contains(
                        "why: every backup and all WAL are kept until the disk is full", "fix: repo1-retention-full=7");
        assertThat(ended.err()).matches("0 error\\(s\\), [0-9]+ warning\\(s\\), 0 not run, [0-9]+ good\n");
    }

    @Test
    void archivingIntoNothingIsAnError() throws IOException {
        String good = CLUSTER.sql("show archive_command").getFirst();
        CLUSTER.sql("alter system set archive_command = '/bin/true'");
        try {
            reloadUntil("/bin/true");

            Ended ended = doctor();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(errors(ended)).containsExactly("archive_command is '/bin/true'");
        } finally {
            CLUSTER.sql("alter system set archive_command = '%s'".formatted(good));
            reloadUntil(good);
        }
    }

    @Test
    void aStoppedStanzaIsAnError() throws IOException {
        REPOSITORY.run("stop");
        try {
            Ended ended = doctor();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(errors(ended)).singleElement().asString().contains("mcpgov.stop exists");
        } finally {
            REPOSITORY.run("start");
        }
    }

    @Test
    void aStanzaThatWasNotCreatedIsAnErrorWithTheCommandThatCreatesIt(@TempDir Path folder) throws IOException {
        Path conf = changed(folder, "repo1-path=" + REPOSITORY.path(), "repo1-path=" + REPOSITORY.path() + "/empty");

        Ended ended = doctor(conf);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("pgbackrest --config=%s --stanza=mcpgov stanza-create".formatted(conf));
    }

    @Test
    void aPortOnWhichNobodyAnswersIsAnError(@TempDir Path folder) throws IOException {
        Path conf = changed(folder, "pg1-port=" + CLUSTER.port(), "pg1-port=1");

        Ended ended = doctor(conf);

        assertThat(errors(ended)).singleElement().asString().contains("does not answer");
    }

    @Test
    void whatPgBackRestItselfRefusesIsSaidInItsWordsAndWithTheLine(@TempDir Path folder) throws IOException {
        String commented = "log-level-file=detail   # not too much";
        Path conf = changed(folder, "log-level-file=detail", commented);
        int line = Files.readAllLines(conf).indexOf(commented) + 1;

        Ended ended = doctor(conf);

        assertThat(errors(ended))
                .anyMatch(found -> found.contains("has a comment behind its value"))
                .anyMatch(found -> found.startsWith("pgBackRest refuses: 'detail   # not too much' is not allowed"));
        assertThat(ended.out()).contains("\"where\" : \"%s:%d\"".formatted(conf, line));
    }

    /** On the database's host, with the settings of postgresql.conf that the guide prints beside it. */
    @Test
    void theGuidesConfigurationHasEveryMistakeFoundInOneRunEachWithItsReasonAndItsFix(@TempDir Path folder)
            throws IOException {
        String archivePush = "pgbackrest --stanza=mcpgov archive-push %p";
        try (PostgresCluster guide = PostgresCluster.builder()
                .archiving()
                .setting("archive_command", archivePush)
                .setting("archive_timeout", "60")
                .setting("wal_level", "replica")
                .setting("max_wal_senders", "3")
                .setting("wal_keep_size", "1024")
                .setting("restore_command", "pgbackrest --stanza=mcpgov archive-get %f \"%p\"")
                .start()) {
            String text = Files.readString(Path.of("src/test/resources/doctor/guide.conf"))
                    .replace("/var/lib/postgresql/data", guide.dataDirectory().toString())
                    .replace("pg1-port=5432", "pg1-port=" + guide.port())
                    .replace("pg1-user=mcp", "pg1-user=mcp\npg1-socket-path=" + guide.socketDirectory());
            Path conf = REPOSITORY.configuration().resolveSibling(folder.getFileName() + ".conf");
            conf.toFile().deleteOnExit();
            Files.writeString(conf, text);
            guide.sql("create role mcp superuser login");

            Ended ended = doctor(conf);

            assertThat(ended.status()).isEqualTo(1);
            assertThat(errors(ended))
                    .contains(
                            "repo1-retention-full has a comment behind its value",
                            "repo1-retention-diff has a comment behind its value",
                            "repo1-retention-archive has a comment behind its value",
                            "log-level-console has a comment behind its value",
                            "log-level-file has a comment behind its value",
                            "process-max has a comment behind its value")
                    .anyMatch(found -> found.startsWith("repo1-retention-archive=14 is the number of full backups"))
                    .anyMatch(found -> found.startsWith("pg1-host=db.invalid: nothing answers"))
                    .anyMatch(found -> found.startsWith("pg1-host is set, but the cluster's folder"))
                    .anyMatch(found -> found.startsWith("pgBackRest refuses: "));
            assertThat(found(ended, "WARNING"))
                    .contains(
                            "start-fast is not on",
                            "log-level-file=debug",
                            "restore_command is set on a primary",
                            "wal_keep_size is 1024 MB",
                            "max_wal_senders is 3, less than PostgreSQL's own 10")
                    .anyMatch(found -> found.startsWith("pg1-user=mcp is the database role"));
            assertThat(Doc.of(Json.read(ended.out())).docs("items"))
                    .filteredOn(item -> List.of("ERROR", "WARNING").contains(item.cell("outcome")))
                    .allSatisfy(item -> {
                        assertThat(item.cell("why")).isNotBlank();
                        assertThat(item.cell("fix")).isNotBlank();
                    });
            assertThat(ended.out()).contains("repo1-retention-full-type=time and repo1-retention-full=14");
        }
    }

    @Test
    void aConfigurationThatCannotBeReadIsAnErrorBecauseNothingElseCanBeSaid(@TempDir Path folder) throws IOException {
        Ended ended = doctor(folder);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(errors(ended)).singleElement().asString().contains(folder + " cannot be read by ");
    }

    @Test
    void aStanzaWithoutASectionIsAnErrorThatNamesTheOthers() throws IOException {
        Ended ended = terminal.type(
                "doctor",
                "-o",
                "json",
                "--host-only",
                "--stanza",
                "mcpgv",
                "--config",
                REPOSITORY.configuration().toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(errors(ended)).containsExactly("there is no section [mcpgv]; there are: mcpgov");
    }

    @Test
    void theServicesAreExaminedAsWell() throws IOException {
        KafkaConnection connection =
                KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
        try (RecordedService catalog = new RecordedService()) {
            catalog.answers("GET /actuator/health/readiness", 200, "{\"status\": \"UP\"}");
            terminal.env("HOLDFAST_KAFKA", connection.bootstrapServers())
                    .env("HOLDFAST_REGISTRY", connection.registry())
                    .env("HOLDFAST_CATALOG", catalog.url())
                    .env("HOLDFAST_SCHEDULER", "http://127.0.0.1:1")
                    .env(
                            "HOLDFAST_PGBACKREST_CONFIG",
                            REPOSITORY.configuration().toString());

            Ended ended = terminal.type("doctor", "-o", "json");

            assertThat(found(ended, "OK"))
                    .anyMatch(found -> found.startsWith("1 broker(s) at " + connection.bootstrapServers()))
                    .contains("ready at " + catalog.url())
                    .anyMatch(found -> found.contains("docker.sock"));
            assertThat(errors(ended))
                    .singleElement()
                    .asString()
                    .contains("cannot reach the scheduler at http://127.0.0.1:1");
        }
    }

    private Ended doctor() {
        return doctor(REPOSITORY.configuration());
    }

    private Ended doctor(Path conf) {
        return terminal.type("doctor", "-o", "json", "--host-only", "--config", conf.toString());
    }

    /** A copy of the configuration in which one line differs, readable for the cluster's user. */
    private static Path changed(Path folder, String line, String instead) throws IOException {
        String text = Files.readString(REPOSITORY.configuration());
        assertThat(text).contains(line);
        Path conf = REPOSITORY.configuration().resolveSibling(folder.getFileName() + ".conf");
        conf.toFile().deleteOnExit();
        Files.writeString(conf, text.replace(line, instead));
        return conf;
    }

    private static void reloadUntil(String command) {
        CLUSTER.sql("select pg_reload_conf()");
        Awaitility.await("archive_command in force")
                .until(() -> CLUSTER.sql("show archive_command").getFirst().equals(command));
    }

    private static List<String> errors(Ended ended) throws IOException {
        return found(ended, "ERROR");
    }

    private static List<String> found(Ended ended, String outcome) throws IOException {
        return Doc.of(Json.read(ended.out())).docs("items").stream()
                .filter(item -> item.cell("outcome").equals(outcome))
                .map(item -> item.cell("found"))
                .toList();
    }
}
