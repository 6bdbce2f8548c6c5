package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The pages on operating and troubleshooting, followed to the letter beside the running product. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class OperatingIT {

    private static final String STANZA = "mcpgov";
    private static final int NOT_FOUND = 404;

    private final Stack stack;

    @TempDir
    private Path folder;

    OperatingIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void aPolicyIsInForceAndThereIsABackup() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                stanza: mcpgov
                timezone: UTC
                backups: [{name: once-a-year, type: full, cron: "0 0 1 1 *"}]
                """);
        assertThat(stack.cli().run("policy", "apply", "-f", policy.toString()).exitCode())
                .isZero();
        stack.backup(STANZA);
    }

    @AfterEach
    void noPolicyIsLeft() {
        assertThat(stack.cli().run("policy", "delete", STANZA).exitCode()).isZero();
    }

    @Test
    void everyCommandOfThePageOnOperatingDoesWhatItIsThereFor() throws IOException {
        try (SchemaRegistryProcess empty = SchemaRegistryProcess.ownRegistry()) {
            follow("operating.md", Map.of("NEW_REGISTRY", empty.url()));

            assertThat(folder.resolve("mcpgov-policy.yaml")).content().contains("once-a-year");
            assertThat(Files.readAllLines(folder.resolve("events.jsonl")))
                    .anyMatch(line -> line.contains("BackupCompleted"));
            assertThatEverySchemaHasItsNumberIn(empty);
        }
    }

    @Test
    void theCommandsOfThePageOnTroubleshootingRun() throws IOException {
        follow("troubleshooting.md", Map.of());
    }

    private void assertThatEverySchemaHasItsNumberIn(SchemaRegistryProcess copy) {
        Http original = new Http(stack.environment().getOrDefault("HOLDFAST_REGISTRY", ""));
        Http imported = new Http(copy.url());
        int id = 1;
        while (original.get("/schemas/ids/" + id).status() != NOT_FOUND) {
            assertThat(imported.get("/schemas/ids/" + id).json())
                    .as("schema %d", id)
                    .isEqualTo(original.get("/schemas/ids/" + id).json());
            id++;
        }
        assertThat(id).as("numbers in use").isGreaterThan(10);
    }

    private void follow(String page, Map<String, String> further) {
        Map<String, String> environment = new HashMap<>(stack.operatorsEnvironment());
        environment.putAll(further);
        int followed = 0;
        for (Page.Step step : Page.steps(page)) {
            if (step instanceof Page.Commands commands) {
                Command.Ended ended = Command.run(
                        List.of("bash", "-euo", "pipefail", "-c", "cd '%s'%n%s".formatted(folder, commands.text())),
                        environment);
                assertThat(ended.exitCode())
                        .as("%s%n%s%n%s", commands.place(), commands.text(), ended)
                        .isZero();
                followed++;
            }
        }
        assertThat(followed).as("commands of %s", page).isPositive();
    }
}
