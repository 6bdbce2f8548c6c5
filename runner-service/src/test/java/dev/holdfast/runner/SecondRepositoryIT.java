package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A stanza with two repositories, the second of them encrypted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondRepositoryIT {

    private final Path second = DatabaseUser.newFolder("holdfast-repo2-");
    private final RunnerStage stage = RunnerStage.open(
            KafkaBroker.shared(),
            Map.of(
                    "repo2-path", second.toString(),
                    "repo2-cipher-type", "aes-256-cbc",
                    "repo2-cipher-pass", "a-passphrase-of-a-test"));

    @BeforeAll
    void startTheRunner() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S");
        stage.runner("one");
    }

    @AfterAll
    void close() {
        stage.close();
        Command.output(List.of("rm", "-rf", second.toString()));
    }

    @Test
    void aBackupGoesToTheRepositoryThatTheRequestNamesAndElseToTheFirst() {
        BackupCompleted first =
                stage.assertOneBackup(stage.publish(stage.request().build()));
        BackupCompleted other = stage.assertOneBackup(
                stage.publish(stage.request().setRepository(2).build()));

        assertThat(first.getRepository()).isEqualTo(1);
        assertThat(first.getEncryption()).isEqualTo("none");
        assertThat(other.getRepository()).isEqualTo(2);
        assertThat(other.getEncryption()).isEqualTo("aes-256-cbc");
        assertThat(awaitObserved(1, event -> event.getBackups().contains(first.getLabel()))
                        .getBackups())
                .doesNotContain(other.getLabel());
        RepositoryObserved observed =
                awaitObserved(2, event -> event.getBackups().contains(other.getLabel()));
        assertThat(observed.getBackups()).doesNotContain(first.getLabel());
        assertThat(observed.getWindows())
                .isNotEmpty()
                .allSatisfy(window -> assertThat(observed.getBackups()).contains(window.getBackupLabel()));
    }

    @Test
    void aRepositoryThatCannotBeReadKeepsNobodyFromSeeingTheOther() {
        Path closed = second.resolve("backup").resolve(stage.stanza());
        Command.output(List.of("chmod", "0000", closed.toString()));
        try {
            RepositoryObserved dark = awaitObserved(2, event -> event.getStatusCode() == 99);

            assertThat(dark.getStatusMessage()).contains("Permission denied");
            assertThat(awaitObserved(1, event -> event.getOccurredAt().isAfter(dark.getOccurredAt()))
                            .getStatusCode())
                    .isNotEqualTo(99);
        } finally {
            Command.output(List.of("chmod", "0750", closed.toString()));
        }
        stage.assertOneBackup(stage.publish(stage.request().setRepository(2).build()));
    }

    private RepositoryObserved awaitObserved(int repository, Predicate<RepositoryObserved> condition) {
        return stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getRepository() == repository
                                && condition.test(event));
    }
}
