package dev.holdfast.stories;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.Cli;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A policy is applied, and time does the rest. */
@ExtendWith(StackExtension.class)
class ScheduledBackupIT {

    private static final String STANZA = "mcpgov";
    private static final long MINUTE_MICROS = 60_000_000;

    private final Stack stack;

    ScheduledBackupIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void noMoreSlots() {
        assertThat(stack.cli().run("policy", "delete", STANZA).exitCode()).isZero();
    }

    @Test
    void aPolicyThatFiresEveryMinuteEndsInAProvenBackupInTheCatalog(@TempDir Path folder) throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                stanza: mcpgov
                timezone: UTC
                backups:
                  - {name: every-minute, type: full, cron: "* * * * *"}
                restoreTests:
                  - {name: after-full, after: {type: full}, target: backup-end}
                overlap: skip
                objectives: {backupAge: 26h, proofAge: 8d}
                """);

        Cli.Ended applied = stack.cli().run("policy", "apply", "-f", policy.toString());

        assertThat(applied.exitCode()).as("%s", applied).isZero();
        UUID request = scheduledRequest();
        LoggedEvent verdict = stack.first(request, "RestoreTestCompleted");
        assertThat(verdict.text("verdict")).as("%s", verdict).isEqualTo("PASSED");
        assertThat(BackupList.of(stack.stanza(STANZA)).madeFor(request)).containsExactly(verdict.text("label"));
        assertThatTheCatalogShows(request, verdict.text("label"));
        assertThatEverySlotEndedOnce();
    }

    private UUID scheduledRequest() {
        Patience.until(
                "a slot",
                () -> assertThat(stack.log().ofType("BackupRequested").filter(this::isScheduled))
                        .isNotEmpty());
        LoggedEvent fired = stack.log()
                .ofType("BackupRequested")
                .filter(this::isScheduled)
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(fired.text("slot")) % MINUTE_MICROS).isZero();
        return UUID.fromString(fired.text("requestId"));
    }

    private boolean isScheduled(LoggedEvent event) {
        return event.text("stanza").equals(STANZA) && event.text("schedule").equals("every-minute");
    }

    private void assertThatTheCatalogShows(UUID request, String label) {
        JsonNode story = stack.request(request, "PROVEN");
        assertThat(story.path("story").findValuesAsText("type"))
                .contains("BackupRequested", "BackupStarted", "BackupCompleted", "RestoreTestCompleted");
        JsonNode backup = stack.catalog()
                .get("/api/v1/backups/%s/%s".formatted(STANZA, label))
                .json();
        assertThat(backup.path("origin").asText()).isEqualTo("SCHEDULE");
        assertThat(backup.path("proof").path("verdict").asText())
                .as("%s", backup)
                .isEqualTo("PASSED");
        assertThat(stack.catalog()
                        .get("/api/v1/slots?stanza=" + STANZA)
                        .json()
                        .path("items")
                        .findValuesAsText("requestId"))
                .contains(request.toString());
    }

    private void assertThatEverySlotEndedOnce() {
        Map<String, Long> endings = stack.log()
                .ofType("SlotConcluded")
                .filter(this::isScheduled)
                .collect(groupingBy(slot -> slot.text("slot"), counting()));
        assertThat(endings)
                .isNotEmpty()
                .allSatisfy((slot, times) ->
                        assertThat(times).as("endings of slot %s", slot).isEqualTo(1));
    }
}
