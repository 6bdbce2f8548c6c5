package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code policy} over recorded answers of the scheduler. */
class PolicyTest {

    private static final String ANSWER = """
            {"stanza": "mcpgov", "state": "IN_FORCE", "version": 2, "changedBy": "alice", "changed": %s,
             "policy": {"stanza": "mcpgov", "timezone": "%s",
                        "backups": [{"name": "daily", "type": "full", "cron": "0 2 * * *"}]}}""";

    private final RecordedService scheduler = new RecordedService();

    private Terminal terminal = new Terminal(Path.of("."));
    private Path file = Path.of(".");

    @BeforeEach
    void pointAtTheScheduler(@TempDir Path home) throws IOException {
        terminal = new Terminal(home).env("HOLDFAST_SCHEDULER", scheduler.url());
        file = Files.writeString(home.resolve("policy.yaml"), "stanza: mcpgov\n");
    }

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void aPolicyIsSentAsItIsWritten() {
        scheduler.answers("POST /api/v1/policies", 200, ANSWER.formatted("true", "UTC"));

        Ended ended = terminal.type("policy", "apply", "-f", file.toString(), "--reason", "new rule");

        assertThat(ended).isEqualTo(new Ended(0, "policy of mcpgov version 2: applied\n", ""));
        assertThat(scheduler.asked()).containsExactly("POST /api/v1/policies?reason=new%20rule stanza: mcpgov");
    }

    @Test
    void aDryRunSaysSo() {
        scheduler.answers("POST /api/v1/policies", 200, ANSWER.formatted("true", "UTC"));

        Ended ended = terminal.type("policy", "apply", "--dry-run", "-f", file.toString());

        assertThat(ended.out()).isEqualTo("policy of mcpgov version 2: would be applied\n");
        assertThat(scheduler.asked()).containsExactly("POST /api/v1/policies?dryRun=true stanza: mcpgov");
    }

    @Test
    void aRefusedPolicyEndsWithOneAndNamesLineAndField() {
        scheduler.answers("POST /api/v1/policies", 422, """
                {"title": "The policy is invalid", "detail": "two problems", "errors": [
                  {"line": 3, "column": 5, "field": "backups[0].cron", "message": "'x' is not a cron field"},
                  {"line": 1, "column": 1, "field": "", "message": "timezone is missing"}]}""");

        Ended ended = terminal.type("policy", "apply", "-f", file.toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err())
                .contains(file + ":3: backups[0].cron: 'x' is not a cron field", file + ":1: timezone is missing");
    }

    @Test
    void aPolicyIsShownAsYamlThatCanBeAppliedAgain() {
        scheduler.answers("GET /api/v1/policies/mcpgov", 200, ANSWER.formatted("null", "Europe/Berlin"));

        Ended ended = terminal.type("policy", "get", "mcpgov");

        assertThat(ended).isEqualTo(new Ended(0, """
                        stanza: mcpgov
                        timezone: Europe/Berlin
                        backups:
                        - name: daily
                          type: full
                          cron: 0 2 * * *
                        """, ""));
    }

    @Test
    void aPolicyThatIsNotThereEndsWithOne() {
        Ended ended = terminal.type("policy", "get", "mcpgov");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("no policy of stanza mcpgov is in force");
    }

    @Test
    void aDiffShowsTheLinesAndEndsWithOneIfAnythingWouldChange() {
        scheduler
                .answers("POST /api/v1/policies", 200, ANSWER.formatted("true", "UTC"))
                .answers("GET /api/v1/policies/mcpgov", 200, ANSWER.formatted("null", "Europe/Berlin"));

        Ended ended = terminal.type("policy", "diff", "-f", file.toString());

        assertThat(ended).isEqualTo(new Ended(1, """
                          stanza: mcpgov
                        - timezone: Europe/Berlin
                        + timezone: UTC
                          backups:
                          - name: daily
                            type: full
                            cron: 0 2 * * *
                        """, ""));
    }

    @Test
    void aDiffWithoutChangesEndsWithZero() {
        scheduler
                .answers("POST /api/v1/policies", 200, ANSWER.formatted("false", "UTC"))
                .answers("GET /api/v1/policies/mcpgov", 200, ANSWER.formatted("null", "UTC"));

        Ended ended = terminal.type("policy", "diff", "-f", file.toString());

        assertThat(ended).isEqualTo(new Ended(0, "", "policy of mcpgov: nothing would change\n"));
    }

    @Test
    void theSlotsOfAPolicyThatIsNotAppliedCanBeSeen() {
        scheduler.answers("POST /api/v1/policies/next", 200, """
                {"items": [{"stanza": "mcpgov", "schedule": "daily", "kind": "BACKUP", "type": "FULL",
                            "slot": "2026-11-23T02:00:00Z", "local": "2026-11-23T03:00+01:00[Europe/Berlin]",
                            "fires": "2026-11-23T02:00:00Z", "blackout": null},
                           {"stanza": "mcpgov", "schedule": "daily", "kind": "BACKUP", "type": "FULL",
                            "slot": "2026-11-24T02:00:00Z", "local": "2026-11-24T03:00+01:00[Europe/Berlin]",
                            "fires": "2026-11-24T02:04:10Z", "blackout": "moving day"},
                           {"stanza": "mcpgov", "schedule": "weekly", "kind": "RESTORE_TEST", "type": null,
                            "slot": "2026-11-25T02:00:00Z", "local": "2026-11-25T03:00+01:00[Europe/Berlin]",
                            "fires": "2026-11-25T02:00:00Z", "blackout": null, "pause": "paused by alice"}]}""");

        Ended ended = terminal.type("policy", "next", "-f", file.toString(), "--from", "2026-11-22T00:00:00+01:00");

        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines())
                .anyMatch(line ->
                        line.matches("2026-11-23T02:00:00Z +2026-11-23T03:00\\+01:00 +then +daily +FULL backup +-"))
                .anyMatch(line -> line.matches(
                        "2026-11-24T02:00:00Z .* 2026-11-24T02:04:10Z +daily +FULL backup +blackout moving day"))
                .anyMatch(line -> line.matches("2026-11-25T02:00:00Z .* then +weekly +restore test +paused by alice"));
        assertThat(scheduler.asked())
                .containsExactly("POST /api/v1/policies/next?from=2026-11-21T23%3A00%3A00Z&count=10 stanza: mcpgov");
    }

    @Test
    void aPolicyIsPausedAndDeletedWithAReason() {
        scheduler
                .answers("POST /api/v1/policies/mcpgov/pause", 200, ANSWER.formatted("null", "UTC"))
                .answers("DELETE /api/v1/policies/mcpgov", 204, "");

        Ended paused =
                terminal.type("policy", "pause", "mcpgov", "--until", "2026-11-23T00:00:00Z", "--reason", "move");
        Ended deleted = terminal.type("policy", "delete", "mcpgov", "--reason", "gone");

        assertThat(paused).isEqualTo(new Ended(0, "policy of mcpgov: paused until 2026-11-23T00:00:00Z\n", ""));
        assertThat(deleted).isEqualTo(new Ended(0, "policy of mcpgov: out of force\n", ""));
        assertThat(scheduler.asked())
                .containsExactly(
                        "POST /api/v1/policies/mcpgov/pause?reason=move&until=2026-11-23T00%3A00%3A00Z",
                        "DELETE /api/v1/policies/mcpgov?reason=gone");
    }
}
