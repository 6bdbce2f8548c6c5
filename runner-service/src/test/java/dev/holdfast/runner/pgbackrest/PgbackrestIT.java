package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgbackrestIT {

    @TempDir
    private Path folder;

    @Test
    void aCommandThatHangsIsStoppedAndNamed() throws IOException {
        Pgbackrest hanging = new Pgbackrest(program("exec sleep 1000"), folder, Duration.ofSeconds(1));

        assertThatThrownBy(() -> hanging.info("demo"))
                .isInstanceOf(ToolTrouble.class)
                .hasMessageContaining("'info' did not end within PT1S")
                .hasMessageContaining("storage");
    }

    @Test
    void aCommandThatFailsIsQuoted() throws IOException {
        Pgbackrest failing = new Pgbackrest(program("echo 'ERROR: [032]: no such option'; exit 32"), folder);

        assertThatThrownBy(() -> failing.info("demo"))
                .isInstanceOf(ToolTrouble.class)
                .hasMessage("'info' ended with 32: ERROR: [032]: no such option");
    }

    @Test
    void moreThanAPipeHoldsIsReadWhole() throws Exception {
        Pgbackrest talking = new Pgbackrest(
                program("printf '[{\"name\":\"demo\",\"backup\":['; "
                        + "for i in $(seq 20000); do printf '%s{\"label\":\"20261126-120000F\",\"type\":\"full\"}' \"$c\"; c=,; done; "
                        + "printf ']}]'"),
                folder);

        assertThat(talking.info("demo").orElseThrow().backups()).hasSize(20_000);
    }

    private String program(String script) throws IOException {
        Path program = folder.resolve("pgbackrest");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program.toString();
    }
}
