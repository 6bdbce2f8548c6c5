package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Machine;
import dev.holdfast.testsupport.outside.Patience;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers, folders and processes are thrown away, whatever happens to who started them. */
@Order(Stories.AT_THE_END_OF_THE_STACK)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(StackExtension.class)
class NothingIsLeftBehindIT {

    private static final String STANZA = "litter";

    private final Stack stack;

    NothingIsLeftBehindIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    @Order(1)
    void aValidatorKilledDuringAProofRemovesTheContainerWhenItComesBackAndStillGivesOneVerdict() {
        try (Site site = new Site(stack, STANZA, Map.of())) {
            String label = site.repository().backup("full");
            Path repository = site.repository().path();
            AppProcess validator = site.startValidator();
            UUID test = stack.producer().requestRestoreTest(STANZA, label, "BACKUP_END");
            Patience.until(
                    "the sandbox",
                    () -> assertThat(Machine.containersThatMount(repository)).isNotEmpty());
            List<String> abandoned = Machine.containersThatMount(repository);

            validator.kill9();
            site.startValidator();

            Patience.until(
                    "the abandoned sandbox, removed",
                    () -> assertThat(Machine.containersThatMount(repository)).doesNotContainAnyElementsOf(abandoned));
            assertThat(stack.verdictOf(test).text("verdict"))
                    .as("%s", stack.verdictOf(test))
                    .isIn("PASSED", "INCONCLUSIVE");
            Patience.until(
                    "its successor, removed",
                    () -> assertThat(Machine.containersThatMount(repository)).isEmpty());
            assertThat(stack.log().of(test, "RestoreTestCompleted")).hasSize(1);
        }
    }

    @Test
    @Order(2)
    void afterAllStoriesNoContainerNoRestoredClusterAndNoProcessIsThere() {
        Path repository = stack.stanza("mcpgov").path();

        stack.close();

        assertThat(Machine.containersThatMount(repository)).isEmpty();
        assertThat(Machine.processesThatName(stack.folder().toString())).isEmpty();
        assertThat(Machine.processesThatName(repository.toString())).isEmpty();
        assertThat(restoredClusters()).isEmpty();
    }

    /** A restored cluster would betray itself by PostgreSQL's marker file. */
    private Stream<Path> restoredClusters() {
        return Folders.filesIn(stack.folder()).stream()
                .filter(file -> file.getFileName().toString().equals("PG_VERSION"));
    }
}
