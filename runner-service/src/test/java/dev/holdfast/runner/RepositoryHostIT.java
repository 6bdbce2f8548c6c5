package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.TlsTransport;
import dev.holdfast.testsupport.Transport.Host;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The runner on a repository host whose cluster is on another, reached by pgBackRest's TLS server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryHostIT {

    private final CertificateAuthority authority = CertificateAuthority.create();
    private final TlsTransport transport = new TlsTransport(authority);
    private final RunnerStage stage = RunnerStage.openWith(this::repository);

    @BeforeAll
    void startTheRunner() {
        // long enough for two tries on a busy machine
        stage.with("HOLDFAST_RUNNER_LOCK_WAIT", "PT15S");
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S");
        stage.runner("one");
    }

    private PgBackRestRepository repository(PostgresCluster cluster, String stanza) {
        return PgBackRestRepository.createOnItsOwnHost(transport, cluster, stanza, Map.of("repo1-retention-full", "4"));
    }

    @AfterEach
    void mend() {
        stage.mend();
    }

    @AfterAll
    void close() {
        stage.close();
        transport.close();
        authority.close();
    }

    @Test
    void everyKindOfBackupIsMadeAndTheAbsenceOfRestorePointsIsSaid() {
        String full =
                stage.assertOneBackup(stage.publish(stage.request().build())).getLabel();
        String diff = stage.assertOneBackup(
                        stage.publish(stage.request().setType(BackupType.DIFF).build()))
                .getLabel();
        String incr = stage.assertOneBackup(
                        stage.publish(stage.request().setType(BackupType.INCR).build()))
                .getLabel();

        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getBackups().contains(incr));
        assertThat(observed.getBackups()).contains(full, diff);
        assertThat(observed.getGaps()).isEmpty();
        assertThat(stage.runners().logOf("one")).contains("no restore points are made");
        assertThat(stage.log().events())
                .noneMatch(event -> event instanceof RestorePointCreated point
                        && point.getStanza().equals(stage.stanza()));
    }

    @Test
    void aLockOnTheDatabasesHostIsAConflictAlthoughItArrivesAsALostCluster() {
        UUID id;
        BackupFailed failed;
        try (HeldLock lock =
                HeldLock.on(stage.repository().databaseLockPath().resolve(stage.stanza() + "-backup.lock"))) {
            id = stage.publish(stage.request().build());
            failed = stage.awaitFailed(id);
            assertThat(lock.isHeld()).isTrue();
        }

        assertThat(failed.getExitCode()).contains(56);
        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(failed.getHint()).contains("holds the stanza's lock");
        assertThat(stage.gate().calls()).as("tries while it was waited for").isGreaterThan(1);
    }

    @Test
    void aServerThatIsDownIsWorthRetrying() {
        transport.stop(Host.DATABASE);
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(stage.publish(stage.request().build()));
        } finally {
            transport.start(Host.DATABASE, stage.repository().databaseConfiguration());
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).contains("cannot be reached", "pgbackrest server");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsAFaultOfTheConfiguration() {
        try (CertificateAuthority other = CertificateAuthority.create()) {
            stage.sabotage()
                    .configure(Map.of("pg1-host-ca-file", other.certificate().toString()));

            BackupFailed failed =
                    stage.awaitFailed(stage.publish(stage.request().build()));

            assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
            assertThat(failed.getHint()).contains("certificate is not believed", "pgN-host-ca-file");
        }
    }

    @Test
    void aHostThatTheServerDoesNotKnowIsToldWhereToNameIt() {
        CertificateAuthority.Certified stranger = authority.issue("stranger");
        stage.sabotage()
                .configure(Map.of(
                        "pg1-host-cert-file", stranger.certificate().toString(),
                        "pg1-host-key-file", stranger.key().toString()));

        BackupFailed failed = stage.awaitFailed(stage.publish(stage.request().build()));

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("tls-server-auth");
    }
}
