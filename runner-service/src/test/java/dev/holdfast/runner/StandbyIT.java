package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Backups that are copied from a standby. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandbyIT {

    private final RunnerStage stage = RunnerStage.open(KafkaBroker.shared(), Map.of("backup-standby", "y"));
    private final PostgresCluster standby = stage.cluster().standby();

    @BeforeAll
    void startTheRunner() throws IOException {
        Files.writeString(
                stage.repository().configuration(),
                "pg2-path=%s%npg2-port=%d%npg2-socket-path=%s%n"
                        .formatted(standby.dataDirectory(), standby.port(), standby.socketDirectory()),
                StandardOpenOption.APPEND);
        stage.runner("one");
    }

    @AfterAll
    void close() {
        standby.close();
        stage.close();
    }

    @Test
    void filesAreCopiedFromTheStandbyAndTheBackupIsOfThePrimary() throws IOException {
        assertThat(stage.assertOneBackup(stage.publish(stage.request().build())).getSystemId())
                .isEqualTo(stage.cluster().systemIdentifier());

        Path log = stage.repository().logPath().resolve(stage.stanza() + "-backup.log");
        assertThat(Files.readString(log)).contains("replay on the standby");
    }

    @Test
    void aStandbyThatIsDownIsNamedAndTheNextBackupIsMade() {
        standby.stop();
        UUID id = stage.publish(stage.request().build());
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(id);
        } finally {
            standby.start();
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getMessage()).contains("standby");
        assertThat(failed.getHint()).isNotBlank();
        stage.assertOneBackup(stage.publish(stage.request().build()));
    }
}
