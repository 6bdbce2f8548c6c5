package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void theFolderBesideTheUsualFileIsReadAndNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("pgbackrest.conf"), "[global]\nrepo1-path=/backups\n");
        Path beside = Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(beside.resolve("cipher.conf"), "[global]\nrepo1-cipher-pass=secret\n");

        ConfigFile config = ConfigFile.read(file, Map.of());

        assertThat(config.value("demo", "repo1-path")).contains("/backups");
        assertThat(config.secrets()).containsExactly("secret");
        assertThat(new Pgbackrest("pgbackrest", file).configuration())
                .containsExactly("--config=" + file, "--config-include-path=" + beside);
    }

    @Test
    void aFileOfAnotherNameStandsForItself() throws IOException {
        Path file = Files.writeString(folder.resolve("other.conf"), "[global]\n");
        Files.createDirectory(folder.resolve("conf.d"));

        assertThat(new Pgbackrest("pgbackrest", file).configuration()).containsExactly("--config=" + file);
    }
}
