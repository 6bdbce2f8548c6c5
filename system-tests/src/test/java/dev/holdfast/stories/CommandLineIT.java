package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.outside.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator types commands, and scripts read their exit codes and their JSON. */
@ExtendWith(StackExtension.class)
class CommandLineIT {

    private final Stack stack;

    CommandLineIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void aBackupThatIsWaitedForUntilItIsProvenEndsWithZeroAndSaysSo() {
        Cli.Ended ended = stack.cli().run("backup", "mcpgov", "--wait=proven", "--timeout", "4m", "-o", "json");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.DONE);
        JsonNode answer = ended.json();
        assertThat(answer.path("state").asText()).isEqualTo("PROVEN");
        assertThat(answer.path("stanza").asText()).isEqualTo("mcpgov");
        assertThatTheCatalogTellsTheSame(answer);
    }

    @Test
    void aProofOfADamagedBackupEndsWithOneAndSaysWhy() {
        PgBackRestRepository repository = stack.stanza("damaged");
        String label = stack.backup("damaged");
        repository.flipByteIn(repository.backupFiles(label).getFirst());

        Cli.Ended ended =
                stack.cli().run("prove", "damaged", "--label", label, "--wait", "--timeout", "4m", "-o", "json");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.BAD);
        assertThat(ended.json().path("verdict").asText()).isEqualTo("FAILED");
        assertThat(ended.json().path("reason").asText()).isNotBlank();
        assertThat(ended.json().path("label").asText()).isEqualTo(label);
    }

    @Test
    void anUnreachableCatalogEndsWithThreeAndNamesItsAddress() {
        Cli.Ended ended =
                stack.cli().with("HOLDFAST_CATALOG", "http://127.0.0.1:1").run("list");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.UNREACHABLE);
        assertThat(ended.stderr()).contains("127.0.0.1:1");
    }

    @Test
    void anUnreachableBrokerEndsWithThreeAndNamesItsAddress() {
        Cli.Ended ended = stack.cli().with("HOLDFAST_KAFKA", "127.0.0.1:1").run("backup", "mcpgov");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.UNREACHABLE);
        assertThat(ended.stderr()).contains("127.0.0.1:1");
    }

    @Test
    void aWaitThatTakesTooLongEndsWithFour() {
        Cli.Ended ended = stack.cli().run("backup", "nobody-serves-this", "--wait", "--timeout", "1s");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.TIMED_OUT);
    }

    @Test
    void aHostileStanzaNameIsAMatterOfUsage() {
        Cli.Ended ended = stack.cli().run("backup", "../../evil");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.USAGE);
        assertThat(stack.log().ofType("BackupRequested"))
                .noneMatch(request -> request.text("stanza").equals("../../evil")
                        && !request.text("reason").equals("a story"));
    }

    @Test
    void everyCommandThatAsksAnswersWithOneJsonDocument() {
        String label = stack.backup("mcpgov");
        stack.request(java.util.UUID.fromString(requestOf(label)), "COMPLETED");

        assertThat(stack.cli().run("list", "mcpgov", "-o", "json").json().findValuesAsText("label"))
                .contains(label);
        assertThat(stack.cli()
                        .run("show", "mcpgov", label, "-o", "json")
                        .json()
                        .path("label")
                        .asText())
                .isEqualTo(label);
        assertThat(stack.cli()
                        .run("trace", requestOf(label), "-o", "json")
                        .json()
                        .findValuesAsText("type"))
                .contains("BackupRequested", "BackupCompleted");
        assertThat(stack.cli().run("status", "-o", "json").json().findValuesAsText("stanza"))
                .contains("mcpgov");
    }

    @Test
    void anInstantBeforeTheFirstBackupCannotBePlannedAndTheReasonIsSaid() {
        String label = stack.backup("mcpgov");
        stack.request(java.util.UUID.fromString(requestOf(label)), "COMPLETED");

        Cli.Ended ended = stack.cli().run("plan", "mcpgov", "--at", "2001-01-01T00:00:00Z", "-o", "json");

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(Cli.BAD);
        assertThat(ended.json().path("answer").asText()).isEqualTo("INFEASIBLE");
        assertThat(ended.json().path("reason").asText()).isNotBlank();
    }

    @Test
    void aRebuildThatIsWaitedForEndsWithTheSameBackups() {
        String label = stack.backup("mcpgov");
        stack.request(java.util.UUID.fromString(requestOf(label)), "COMPLETED");

        Cli.Ended rebuilt = stack.cli().run("catalog", "rebuild", "--wait", "--timeout", "4m", "-o", "json");

        assertThat(rebuilt.exitCode()).as("%s", rebuilt).isZero();
        assertThat(rebuilt.json().path("rebuild").asText()).isEqualTo("done");
        assertThat(stack.cli().run("list", "mcpgov", "-o", "json").json().findValuesAsText("label"))
                .contains(label);
    }

    private String requestOf(String label) {
        return stack.log()
                .ofType("BackupCompleted")
                .filter(backup -> backup.text("stanza").equals("mcpgov")
                        && backup.text("label").equals(label))
                .findFirst()
                .orElseThrow()
                .text("requestId");
    }

    private void assertThatTheCatalogTellsTheSame(JsonNode answer) {
        JsonNode backup = stack.catalog()
                .get("/api/v1/backups/mcpgov/" + answer.path("label").asText())
                .json();
        assertThat(backup.path("requestId").asText())
                .isEqualTo(answer.path("requestId").asText());
        assertThat(backup.path("proof").path("verdict").asText()).isEqualTo("PASSED");
    }
}
