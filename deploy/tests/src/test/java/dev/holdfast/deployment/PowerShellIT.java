package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts for PowerShell are PowerShell; {@link ComposeIT} runs them where there is one. */
class PowerShellIT {

    private static final Path CHECKOUT = Path.of(System.getProperty("holdfast.root"));
    private static final Path PARSER = CHECKOUT.resolve("deploy/tests/src/test/powershell");

    @TempDir
    static Path folder;

    @BeforeAll
    static void aParser() throws IOException {
        for (String file : List.of("package.json", "package-lock.json", "parse.cjs")) {
            Files.copy(PARSER.resolve(file), folder.resolve(file));
        }
        Command.output(List.of("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder.toString()));
    }

    @Test
    void everyScriptParses() throws IOException {
        try (Stream<Path> scripts = Files.list(CHECKOUT.resolve("scripts"))) {
            List<Path> all =
                    scripts.filter(file -> file.toString().endsWith(".ps1")).toList();

            assertThat(all).hasSize(3);
            assertThat(faults(all)).isEmpty();
        }
    }

    @Test
    void whatIsNoPowerShellIsFound() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.ps1"), "$one = 1\nif (-not $one { exit 1 }\n");

        assertThat(faults(List.of(broken))).contains("broken.ps1:2:");
    }

    private static String faults(List<Path> scripts) {
        List<String> command = new ArrayList<>(
                List.of("node", "--liftoff-only", folder.resolve("parse.cjs").toString()));
        scripts.forEach(script -> command.add(script.toString()));
        return Command.output(command);
    }
}
