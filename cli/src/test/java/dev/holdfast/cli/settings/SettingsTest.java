package dev.holdfast.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    private Path home = Path.of(".");

    @Test
    void withoutAnySettingTheLocalStacksAddressesAreMeant() {
        Settings settings = Settings.resolve(Map.of(), Optional.empty(), Map.of(), home);

        assertThat(settings.asEnvironment())
                .containsEntry("HOLDFAST_KAFKA", "127.0.0.1:9092")
                .containsEntry("HOLDFAST_REGISTRY", "http://127.0.0.1:8085/apis/ccompat/v7");
        assertThat(settings.catalog()).isEqualTo("http://127.0.0.1:8080");
        assertThat(settings.scheduler()).isEqualTo("http://127.0.0.1:8081");
    }

    @Test
    void theFlagWinsOverTheProfileOverTheEnvironmentOverTheFile() throws IOException {
        write(".holdfast/env", "A=file", "B=file", "C=file", "D=file");
        write(".config/holdfast/profiles/prod.env", "A=profile", "B=profile");

        Map<String, String> values = Settings.resolve(
                        Map.of("HOLDFAST_A", "flag"),
                        Optional.of("prod"),
                        Map.of("HOLDFAST_A", "env", "HOLDFAST_B", "env", "HOLDFAST_C", "env"),
                        home)
                .asEnvironment();

        assertThat(values)
                .containsEntry("HOLDFAST_A", "flag")
                .containsEntry("HOLDFAST_B", "profile")
                .containsEntry("HOLDFAST_C", "env")
                .containsEntry("HOLDFAST_D", "file");
    }

    @Test
    void theFileIsSoughtWhereHoldfastHomeSays() throws IOException {
        write("elsewhere/env", "CATALOG='http://db1:8080/'");

        Settings settings = Settings.resolve(
                Map.of(),
                Optional.empty(),
                Map.of("HOLDFAST_HOME", home.resolve("elsewhere").toString()),
                home);

        assertThat(settings.catalog()).isEqualTo("http://db1:8080");
    }

    @Test
    void quotesEscapesAndCommentsAreReadAsAShellWould() throws IOException {
        Files.createDirectories(home.resolve(".holdfast"));
        Files.writeString(home.resolve(".holdfast/env"), """
                # written by up
                export HOLDFAST_A='with space'
                export HOLDFAST_B="quoted"
                HOLDFAST_C=back\\ slash

                """);

        Map<String, String> values =
                Settings.resolve(Map.of(), Optional.empty(), Map.of(), home).asEnvironment();

        assertThat(values)
                .containsEntry("HOLDFAST_A", "with space")
                .containsEntry("HOLDFAST_B", "quoted")
                .containsEntry("HOLDFAST_C", "back slash");
    }

    @Test
    void aLineThatIsNoSettingIsSaidWithItsFile() throws IOException {
        Files.createDirectories(home.resolve(".holdfast"));
        Files.writeString(home.resolve(".holdfast/env"), "rm -rf /\n");

        assertThatThrownBy(() -> Settings.resolve(Map.of(), Optional.empty(), Map.of(), home))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(".holdfast/env: 'rm -rf /' is not a setting; expected lines such as export");
    }

    private void write(String file, String... settings) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        StringBuilder text = new StringBuilder();
        for (String setting : settings) {
            text.append("export HOLDFAST_").append(setting).append('\n');
        }
        Files.writeString(path, text);
    }
}
