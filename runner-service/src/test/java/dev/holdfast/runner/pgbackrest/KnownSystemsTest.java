package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownSystemsTest {

    @TempDir
    private Path folder;

    @Test
    void aStanzaThatTurnsUpWithAnotherClusterIsRefusedAlsoByTheNextLife() {
        new KnownSystems(folder).observed("demo", "1", Set.of("1"));
        KnownSystems later = new KnownSystems(folder);

        later.observed("demo", "2", Set.of("2"));

        assertThat(later.change("demo").orElseThrow())
                .contains("was of the PostgreSQL cluster with system identifier 1, now the repository says 2")
                .contains("remove " + folder.resolve("demo"));
    }

    @Test
    void anUpgradeOfTheStanzaIsMeantBecauseTheRepositoryStillListsTheOldCluster() {
        KnownSystems systems = new KnownSystems(folder);
        systems.observed("demo", "1", Set.of("1"));

        systems.observed("demo", "2", Set.of("1", "2"));

        assertThat(systems.change("demo")).isEmpty();
        assertThat(new KnownSystems(folder).current("demo")).contains("2");
    }
}
