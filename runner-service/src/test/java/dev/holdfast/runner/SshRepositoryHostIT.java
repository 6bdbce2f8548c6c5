package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SshTransport;
import dev.holdfast.testsupport.Transport.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The runner on a repository host whose cluster is on another, reached by SSH. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SshRepositoryHostIT {

    private final SshTransport transport = new SshTransport();
    private final RunnerStage stage = RunnerStage.openWith((cluster, stanza) ->
            PgBackRestRepository.createOnItsOwnHost(transport, cluster, stanza, Map.of("repo1-retention-full", "4")));

    @BeforeAll
    void startTheRunner(@TempDir Path folder) throws IOException {
        Path services = folder.resolve("pg_service.conf");
        Files.writeString(
                services, """
                [holdfast-%s]
                host=127.0.0.1
                port=%d
                user=%s
                dbname=postgres
                """.formatted(stage.stanza(), stage.cluster().port(), PostgresCluster.SUPERUSER));
        stage.with("PGSERVICEFILE", services);
        stage.runner("one");
    }

    @AfterEach
    void mend() {
        transport.trustHost();
        stage.mend();
    }

    @AfterAll
    void close() {
        stage.close();
        transport.close();
    }

    @Test
    void backupsAreMadeAndTheClusterIsMarkedAsTheServiceOfItsName() {
        stage.assertOneBackup(stage.publish(stage.request().build()));
        String incr = stage.assertOneBackup(
                        stage.publish(stage.request().setType(BackupType.INCR).build()))
                .getLabel();

        RestorePointCreated point = stage.log()
                .await(
                        RestorePointCreated.class,
                        event -> event.getLabel().filter(incr::equals).isPresent());
        assertThat(point.getName()).isEqualTo("holdfast-" + incr);
    }

    @Test
    void aHostWhoseKeyIsUnknownIsAFaultOfTheConfigurationThatSaysHowToKnowIt() {
        transport.forgetHost();

        BackupFailed failed = stage.awaitFailed(stage.publish(stage.request().build()));

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("ssh-keyscan");
    }

    @Test
    void aHostWhoseServerIsDownIsWorthRetrying() {
        transport.stop(Host.DATABASE);
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(stage.publish(stage.request().build()));
        } finally {
            transport.start(Host.DATABASE, stage.repository().databaseConfiguration());
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).contains("sshd");
    }
}
