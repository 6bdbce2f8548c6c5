package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that gives a service its grants on a Kafka that is there: what it asks Kafka's own program for, which stands in here. */
class GrantIT {

    private static final Path KAFKA = Path.of(System.getProperty("holdfast.root"), "deploy/kafka");

    @TempDir
    private Path folder;

    @Test
    void everyRowOfTheTableIsAskedForAndNothingElse() throws IOException {
        Path asked = folder.resolve("asked");
        Path program =
                Files.writeString(folder.resolve("kafka-acls.sh"), "#!/bin/sh\necho \"$@\" >> %s\n".formatted(asked));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        Command.Ended granted = grant(Map.of("KAFKA_ACLS", program.toString()), "runner", "User:CN=one two");

        assertThat(granted.exitCode()).as("%s", granted).isZero();
        assertThat(Files.readAllLines(asked)).containsExactlyElementsOf(wanted("runner", "User:CN=one two"));
    }

    @Test
    void aDryRunPrintsTheCommandsAndCallsNobody() throws IOException {
        Command.Ended dry = grant(Map.of("KAFKA_ACLS", "kafka-acls.sh"), "--dry-run", "catalog", "User:CN=catalog");

        assertThat(dry.exitCode()).as("%s", dry).isZero();
        assertThat(dry.stdout().lines())
                .containsExactlyElementsOf(wanted("catalog", "User:CN=catalog").stream()
                        .map("kafka-acls.sh "::concat)
                        .toList());
    }

    @Test
    void aRoleThatThereIsNotIsNamedWithThoseThereAre() {
        Command.Ended refused = grant(Map.of(), "backup", "User:CN=x");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.stderr()).contains("'backup' is no role", "catalog cli runner scheduler validator");
    }

    private static Command.Ended grant(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(KAFKA.resolve("grant").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--bootstrap-server", "kafka:9093"));
        return Command.run(command, environment);
    }

    /** Of the table: who, operation, resource, pattern, name. */
    private static List<String> wanted(String role, String principal) throws IOException {
        List<String> wanted = Files.readAllLines(KAFKA.resolve("acls.tsv")).stream()
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(role))
                .map(row ->
                        "--bootstrap-server kafka:9093 --add --force --allow-principal %s --operation %s --%s %s --resource-pattern-type %s"
                                .formatted(principal, row[1], row[2], row[4], row[3]))
                .toList();
        assertThat(wanted).hasSizeGreaterThan(3);
        return wanted;
    }
}
