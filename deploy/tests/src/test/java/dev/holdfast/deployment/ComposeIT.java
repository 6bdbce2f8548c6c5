package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Page;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The guide for Docker Compose and its runbook, followed to the letter; and what the stack there withstands. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeIT {

    private static final String RUNBOOK = "runbooks/restore-on-compose.md";
    private static final List<String> CONTAINERS =
            List.of("runner", "validator", "scheduler", "catalog", "catalog-db", "registry", "kafka");

    private final List<Page.Step> guide = Page.steps("guide/compose.md");
    private ComposeStack stack;

    @BeforeAll
    void aShell() throws IOException {
        stack = ComposeStack.inTheCheckout("guide");
        stack.prepare();
    }

    @AfterAll
    void nothingIsLeft() {
        stack.close();
    }

    @Test
    @Order(1)
    void theGuideLeadsToBackupsThatAreProven() {
        guide.subList(0, guide.size() - 1).forEach(step -> stack.follow(step, ""));

        JsonNode backups = stack.items("/api/v1/backups?stanza=mcpgov&limit=10");
        assertThat(backups.findValuesAsText("type")).as("%s", backups).contains("FULL", "DIFF", "INCR");
        JsonNode proofs = stack.items("/api/v1/restore-tests?stanza=mcpgov&limit=10");
        assertThat(proofs.findValuesAsText("verdict")).as("%s", proofs).hasSizeGreaterThanOrEqualTo(2);
        assertThat(proofs.findValuesAsText("verdict")).as("%s", proofs).containsOnly("PASSED");
    }

    @Test
    @Order(2)
    void theRunbookLeadsBackToTheInstantBeforeAnAccident() {
        stack.sql("create table decisions (id int primary key, verdict text)");
        stack.sql("insert into decisions values (1, 'before')");
        String before = stack.sql("select clock_timestamp()");
        // the instant must lie between two commits, and PostgreSQL's clock is what counts
        stack.sql("select pg_sleep(2)");
        stack.sql("insert into decisions values (2, 'after')");
        stack.sql("drop table decisions");

        restore("RESTORE=(--type=time '--target=%s' --target-action=promote)%n".formatted(before));

        assertThat(stack.sql("select string_agg(verdict, ',') from decisions")).isEqualTo("before");
        assertThat(stack.sql("show archive_mode")).isEqualTo("on");
    }

    @Test
    @Order(3)
    void theRunbookLeadsBackToTheEndOfTheArchive() {
        stack.sql("insert into decisions values (3, 'last')");
        // once in vain: whatever is restored can be undone until it archives
        runbook("")
                .takeWhile(step -> !((Page.Commands) step).text().contains("reset archive_mode"))
                .forEach(step -> stack.follow(step, "RESTORE=(--type=default)\n"));
        assertThat(stack.sql("show archive_mode")).isEqualTo("off");
        runbook("undo").forEach(step -> stack.follow(step, ""));
        assertThat(stack.sql("show archive_mode")).isEqualTo("on");

        restore("RESTORE=(--type=default)\n");

        assertThat(stack.sql("select string_agg(verdict, ',' order by id) from decisions"))
                .isEqualTo("before,last");
    }

    private void restore(String chosen) {
        runbook("").forEach(step -> stack.follow(step, chosen));
    }

    private static Stream<Page.Step> runbook(String way) {
        return Page.steps(RUNBOOK).stream().filter(step -> step.way().equals(way));
    }

    @Test
    @Order(4)
    void aRestoreDoesNotBeginWhileTheDatabaseRuns() {
        String guard = Page.steps(RUNBOOK).stream()
                .map(step -> ((Page.Commands) step).text())
                .filter(text -> text.contains("before-restore"))
                .findFirst()
                .orElseThrow()
                .replace("docker compose stop db\n", "");

        Command.Ended refused = stack.run(guard);

        assertThat(refused.exitCode()).isNotZero();
        assertThat(stack.sql("select count(*) from decisions")).isEqualTo("2");
    }

    @Test
    @Order(5)
    void whateverContainerIsAwayForAWhileNothingIsLost() {
        List<String> asked = new ArrayList<>();
        int backups = stack.items("/api/v1/backups?stanza=mcpgov&limit=100").size();
        for (String container : CONTAINERS) {
            stack.output("docker compose stop " + container);
            if (List.of("runner", "validator").contains(container)) {
                asked.add(stack.askForBackup());
            } else if (!List.of("kafka", "registry").contains(container)) {
                // over Kafka: the scheduler may be away
                asked.add(stack.output("docker compose run --rm --no-TTY --no-deps cli backup mcpgov --type incr")
                        .strip());
            }
            stack.output("docker compose start " + container);
        }
        stack.output("docker compose up --detach --wait");
        asked.add(stack.askForBackup());

        Patience.until("every request done", () -> {
            Map<String, String> states = stack.requests();
            assertThat(asked)
                    .allSatisfy(request ->
                            assertThat(states.get(request)).as("%s", states).isIn("COMPLETED", "PROVEN"));
        });
        assertThat(stack.items("/api/v1/backups?stanza=mcpgov&limit=100").size())
                .isGreaterThanOrEqualTo(backups + asked.size());
        assertThat(stack.output("docker compose run --rm --no-TTY cli policy get mcpgov"))
                .contains("daily-full");
    }

    @Test
    @Order(6)
    void aPathThatIsBlockedIsNamedAndHealsByItself() {
        String network = stack.project() + "_catalog";
        stack.output("docker network disconnect %s $(docker compose ps --quiet catalog)".formatted(network));
        Patience.until("the catalog says what it cannot reach", () -> {
            assertThat(health("catalog").stdout()).contains("\"db\"", "DOWN");
            assertThat(stack.output("docker compose logs catalog")).contains("UnknownHostException: catalog-db");
        });

        stack.output(
                "docker network connect --alias catalog %s $(docker compose ps --quiet catalog)".formatted(network));

        Patience.until(
                "the catalog is ready again",
                () -> assertThat(health("catalog").exitCode()).isZero());
    }

    private Command.Ended health(String container) {
        return stack.run("docker compose exec --no-TTY %s /opt/holdfast/bin/healthy".formatted(container));
    }

    @Test
    @Order(7)
    void secretsAndVolumesThatAreWrongAreNamed() {
        assertThat(refusal("-e HOLDFAST_CATALOG_DB_PASSWORD_FILE=/run/secrets/nothing holdfast/catalog"))
                .contains("HOLDFAST_CATALOG_DB_PASSWORD_FILE names /run/secrets/nothing", "no such file");
        assertThat(refusal("-e HOLDFAST_CATALOG_DB_PASSWORD_FILE=/dev/null holdfast/catalog"))
                .contains("HOLDFAST_CATALOG_DB_PASSWORD_FILE names /dev/null, which is empty");
        assertThat(refusal("--tmpfs /etc/pgbackrest -e HOLDFAST_STANZA=mcpgov --tmpfs /var/lib/postgresql:uid=999"
                        + " holdfast/postgres:15"))
                .contains("/etc/pgbackrest/pgbackrest.conf cannot be read by user 999");
        assertThat(refusal("-e HOLDFAST_STANZA=mcpgov --tmpfs /var/lib/postgresql:uid=999"
                        + " -v \"$PWD\"/deploy/compose/pgbackrest.conf:/etc/pgbackrest/pgbackrest.conf:ro"
                        + " holdfast/postgres:15"))
                .contains("the repository /var/lib/pgbackrest cannot be written by user 999", "Mount");
        assertThat(refusal("holdfast/postgres:15")).contains("/var/lib/postgresql/data cannot be written", "Mount");
        assertThat(refusal(
                        "--tmpfs /var/lib/postgresql:uid=999,size=2m --tmpfs /tmp -e POSTGRES_DB=a -e POSTGRES_USER=b"
                                + " -e POSTGRES_PASSWORD=c holdfast/postgres:15"))
                .contains("No space left on device", "/var/lib/postgresql/data");
        assertThat(refusal("--tmpfs /tmp holdfast/catalog"))
                .contains("0.0.0.0 (HOLDFAST_BIND)", "HOLDFAST_LOOPBACK_BEFORE");
    }

    private String refusal(String container) {
        return refused("docker run --rm --read-only --cap-drop ALL " + container);
    }

    @Test
    @Order(8)
    void everyContainerIsBoundedReadOnlyAndNobodysRoot() {
        for (String container :
                stack.output("docker compose ps --quiet").lines().toList()) {
            assertThat(stack.output(
                            "docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}"
                                    + " {{.HostConfig.Memory}} {{.Config.User}}{{range .NetworkSettings.Ports}}{{range .}} {{.HostIp}}{{end}}{{end}}' "
                                    + container))
                    .matches(
                            "true \\[ALL] \\[no-new-privileges:true] [1-9]\\S* (10001:10001|999:999|appuser|1000)( 127\\.0\\.0\\.1)*\\s*");
        }
    }

    @Test
    @Order(9)
    void monitoringIsWiredAsItIsElsewhere() {
        String configuration = stack.output("docker compose --profile monitoring config");
        assertThat(configuration).contains("prom/prometheus", "grafana/grafana", "/var/lib/grafana/dashboards");
        stack.output("promtool check config --syntax-only deploy/compose/prometheus.yml");
        assertThat(stack.output("grep job_name deploy/compose/prometheus.yml"))
                .isEqualTo(stack.output("grep job_name deploy/monitoring/prometheus.yml"));
    }

    @Test
    @Order(10)
    void theScriptsForPowerShellCallWhatTheOthersCall() {
        for (String script : List.of("init", "backup", "restore-validation")) {
            assertThat(call(script + ".ps1")).isEqualTo(call(script + ".sh")).startsWith("docker compose ");
        }
        // where there is none, PowerShellIT at least parses them
        if (stack.run("command -v pwsh").exitCode() == 0) {
            stack.output("pwsh -NoProfile -File scripts/pgbackrest-init.ps1 -DryRun");
            stack.output("pwsh -NoProfile -File scripts/pgbackrest-backup.ps1 -BackupType incr");
            stack.output("pwsh -NoProfile -File scripts/pgbackrest-restore-validation.ps1");
        }
    }

    private String call(String script) {
        return stack.output(
                "sed -nE 's/^(exec )?(docker compose [a-z -]*[a-zA-Z-]+ (cli [a-z]+|runner [a-z-]+ [a-z]+)).*/\\2/p'"
                        + " scripts/pgbackrest-" + script);
    }

    @Test
    @Order(11)
    void secretsWithTheContentOfAnotherStacksAreNamed() {
        stack.output("""
                others=$(dirname "$HOLDFAST_SECRETS")/others
                cp -r "$HOLDFAST_SECRETS" "$others"
                chmod u+w "$others"/*
                printf '[global]\\nrepo1-cipher-pass=another\\n' > "$others/repository.conf"
                printf another > "$others/catalog-db-password"
                HOLDFAST_SECRETS=$others docker compose up --detach --no-deps runner validator catalog
                """);

        assertThat(refused("scripts/pgbackrest-backup.sh full --wait --timeout 4m"))
                .contains("backup failed", "/var/lib/pgbackrest", "What to do:", "repoN-cipher-pass");
        assertThat(refused("scripts/pgbackrest-restore-validation.sh --latest --wait --timeout 4m"))
                .contains("INCONCLUSIVE (CONFIGURATION)", "repo1-cipher-pass");
        Patience.until("the catalog says which secret its database refuses", () -> {
            assertThat(health("catalog").exitCode()).isNotZero();
            assertThat(stack.output("docker compose logs catalog"))
                    .contains("password authentication failed for user", "HOLDFAST_CATALOG_DB_PASSWORD_FILE");
        });
    }

    @Test
    @Order(12)
    void aVolumeThatIsTooSmallForTheRepositoryIsNamed() throws IOException {
        Path small = Files.writeString(stack.folder().resolve("small.yaml"), """
                services:
                  db: {volumes: ["small:/var/lib/pgbackrest"]}
                  # what cannot be archived is not waited for a minute
                  runner: {volumes: ["small:/var/lib/pgbackrest"], environment: {PGBACKREST_ARCHIVE_TIMEOUT: "20"}}
                volumes:
                  small: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=6m,uid=999,gid=999,mode=0750"}}
                """);
        String withIt = "export COMPOSE_FILE=\"$COMPOSE_FILE:%s\"%n".formatted(small);
        // more than the volume holds, however it is compressed
        stack.sql(
                "create table noise as select gen_random_uuid() a, gen_random_uuid() b from generate_series(1, 200000)");
        // all of it is archived in the old volume first: the small one has no room for that
        stack.output("docker compose exec --no-TTY db pgbackrest --stanza=mcpgov check");
        try {
            stack.output(withIt + "docker compose up --detach --wait db runner\nscripts/pgbackrest-init.sh");

            assertThat(refused(withIt + "scripts/pgbackrest-backup.sh full --wait --timeout 4m"))
                    .contains("STORAGE", "/var/lib/pgbackrest")
                    .containsPattern("is full|No space left on device");
        } finally {
            // stopped, the database would wait for WAL to be archived that has no room
            stack.output(withIt
                    + "docker compose kill db runner\ndocker compose rm --force db runner\ndocker volume rm --force "
                    + stack.project() + "_small");
        }
    }

    @Test
    @Order(13)
    void aStackThatIsUpGetsABackupInABucketByTheGuidesWords() throws IOException {
        try (Bucket bucket = Bucket.reachedBy(stack)) {
            try {
                bucket.guideForAStackThatIsUp().forEach(step -> stack.follow(step, ""));

                assertThat(bucket.files()).anyMatch(file -> file.endsWith("backup/mcpgov/backup.info"));
                assertThat(refused("docker compose exec --no-TTY --env PGBACKREST_REPO1_S3_KEY_SECRET=another runner"
                                + " holdfast-runner init"))
                        .contains("403");
            } finally {
                // the database would wait for its last WAL to be archived
                stack.output("docker compose kill db runner validator");
            }
        }
    }

    /** What commands say that must fail. */
    private String refused(String script) {
        Command.Ended ended = stack.run(script);
        assertThat(ended.exitCode()).as("%s", ended).isNotZero();
        return ended.stdout() + ended.stderr();
    }

    @Test
    @Order(14)
    void takingItDownLeavesNothing() {
        stack.follow(guide.getLast(), "");

        assertThat(stack.leftovers()).isEmpty();
    }
}
