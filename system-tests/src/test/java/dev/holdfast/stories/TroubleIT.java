package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.outside.LoggedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Something that a backup needs is not there: the event says what, and what to do. */
@ExtendWith(StackExtension.class)
class TroubleIT {

    private final Stack stack;

    TroubleIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void aStoppedClusterIsNamedAndOnceItRunsAgainBackupsGoOn() {
        PgBackRestRepository repository = stack.stanza("stopped");
        repository.cluster().stop();
        UUID request = stack.producer().requestBackup("stopped");

        LoggedEvent failed = stack.endOf(request);

        repository.cluster().start();
        assertThatItExplains(failed, "PostgreSQL");
        assertThat(stack.request(request, "FAILED").path("requestId").asText()).isEqualTo(request.toString());
        assertThat(stack.backup("stopped")).isNotBlank();
    }

    @Test
    void aMissingRepositoryIsNamed() throws IOException {
        try (Site site = new Site(stack, "unhoused", Map.of())) {
            site.startRunner();
            Path repository = site.repository().path();
            Files.move(repository, repository.resolveSibling("elsewhere"));

            LoggedEvent failed = stack.endOf(stack.producer().requestBackup("unhoused"));

            assertThatItExplains(failed, "stanza-create");
        }
    }

    @Test
    void aBrokenConfigurationIsNamed(@TempDir Path folder) throws IOException {
        try (Site site = new Site(stack, "misspelt", Map.of())) {
            Path broken = folder.resolve("pgbackrest.conf");
            Files.writeString(
                    broken,
                    Files.readString(site.repository().configuration()).replace("start-fast=y", "start-fast=perhaps"));
            folder.toFile().setReadable(true, false);
            folder.toFile().setExecutable(true, false);
            site.startRunner(broken);

            LoggedEvent failed = stack.endOf(stack.producer().requestBackup("misspelt"));

            assertThatItExplains(failed, "start-fast");
            assertThat(failed.text("category")).isEqualTo("CONFIGURATION");
        }
    }

    private static void assertThatItExplains(LoggedEvent failed, String word) {
        assertThat(failed.type()).as("%s", failed).isEqualTo("BackupFailed");
        assertThat(failed.text("message")).isNotBlank();
        assertThat(failed.text("hint")).isNotBlank();
        assertThat(failed.text("message") + failed.text("hint") + failed.text("logTail"))
                .contains(word);
    }
}
