package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A repository in the bucket of a real S3 server, encrypted and bundled, and all that can be wrong with the way there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3RepositoryIT {

    private static final String PASSPHRASE = "a-passphrase-that-nobody-may-read-77";
    private static final String WRONG_SECRET = "another-secret-31";
    private static final List<String> SECRETS =
            List.of(PASSPHRASE, WRONG_SECRET, S3Server.WRITER.secret(), S3Server.WRITER.key());

    private final CertificateAuthority authority = CertificateAuthority.create();
    private final S3Server server = S3Server.start(authority);
    private final RunnerStage stage = RunnerStage.openWith(this::repository);
    private AppProcess runner;

    private PgBackRestRepository repository(PostgresCluster cluster, String stanza) {
        Map<String, String> options = new TreeMap<>(S3Server.WRITER.options());
        options.put("repo1-bundle", "y");
        options.put("repo1-cipher-type", "aes-256-cbc");
        options.put("repo1-cipher-pass", PASSPHRASE);
        options.put("repo1-retention-full", "4");
        // a storage that is gone shall be gone within seconds
        options.put("io-timeout", "5");
        PgBackRestRepository repository = PgBackRestRepository.configuredIn(server, cluster, stanza, options);
        repository.stanzaCreate();
        return repository;
    }

    @BeforeAll
    void startTheRunner() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S");
        runner = stage.runner("one");
    }

    @AfterEach
    void secretsStayWhereTheyAre() {
        assertThat(stage.everythingSaidBy("one")).contains(stage.stanza()).doesNotContain(SECRETS);
        stage.mend();
    }

    @AfterAll
    void close() {
        stage.close();
        server.close();
        authority.close();
    }

    @Test
    void everyKindOfBackupIsMadeAndTheBucketIsSeenAsItIs() {
        stage.emptyRepository();
        BackupCompleted full = make(BackupType.FULL);
        BackupCompleted diff = make(BackupType.DIFF);
        BackupCompleted incr = make(BackupType.INCR);

        assertThat(full.getEffectiveType()).isEqualTo(BackupType.FULL);
        assertThat(diff.getEffectiveType()).isEqualTo(BackupType.DIFF);
        assertThat(incr.getEffectiveType()).isEqualTo(BackupType.INCR);
        stage.log()
                .await(
                        RestorePointCreated.class,
                        event ->
                                event.getLabel().filter(incr.getLabel()::equals).isPresent());
        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getBackups().contains(incr.getLabel()));
        assertThat(observed.getStatusCode()).isZero();
        assertThat(observed.getGaps()).isEmpty();
        assertThat(observed.getWindows()).isNotEmpty();
    }

    @Test
    void aSegmentThatIsMissingFromTheBucketShowsAsAGap() {
        make(BackupType.FULL);
        String missing = stage.repository().switchWal();
        stage.repository().switchWal();
        stage.repository().deleteWalSegment(missing);

        RepositoryObserved observed = stage.log()
                .await(
                        RepositoryObserved.class,
                        event -> event.getStanza().equals(stage.stanza())
                                && event.getGaps().stream()
                                        .anyMatch(gap -> gap.getFirst().equals(missing)));

        assertThat(observed.getStatusCode()).isZero();
    }

    @Test
    void aBackupThatIsTakenOutOfTheBucketHasVanished() {
        String label = make(BackupType.FULL).getLabel();

        stage.sabotage().removeBackupFolder(label);

        BackupVanished vanished = stage.log()
                .await(BackupVanished.class, event -> event.getLabel().equals(label));
        assertThat(vanished.getDetail()).contains("its files are missing");
    }

    @Test
    void keysMayComeByTheEnvironmentAlone() {
        Path withoutKeys = stage.repository()
                .configurationWith(
                        "without-keys.conf",
                        Map.of("repo1-s3-key", "none", "repo1-s3-key-secret", "none", "repo1-cipher-pass", "none"));
        stage.reset();
        stage.with("HOLDFAST_PGBACKREST_CONFIG", withoutKeys);
        S3Server.WRITER.environment().forEach(stage::with);
        stage.with("PGBACKREST_REPO1_CIPHER_PASS", PASSPHRASE);
        stage.runner("one");
        UUID id = publishSlowBackup();

        awaitCopying();
        for (String secret : SECRETS) {
            assertThat(ProcessTable.read())
                    .extracting(ProcessTable.Entry::commandLine)
                    .noneMatch(line -> line.contains(secret));
        }
        stage.assertOneBackup(id);

        assertThat(stage.everythingSaidBy("one")).doesNotContain(PASSPHRASE, S3Server.WRITER.secret());
        stage.reset();
        startTheRunner();
    }

    @Test
    void aWrongSecretIsAFaultOfTheConfigurationThatTellsWhatToCompare() {
        stage.sabotage().configure(Map.of("repo1-s3-key-secret", WRONG_SECRET));

        BackupFailed failed = stage.awaitFailed(stage.publish(stage.request().build()));

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("403");
        assertThat(failed.getHint()).contains("refuses the keys", "repoN-s3-key-secret");
    }

    @Test
    void keysOfARoleThatTheMachineDoesNotHaveAreAFaultOfTheConfiguration() {
        stage.sabotage().configure(Map.of("repo1-s3-key-type", "auto", "io-timeout", "1"));

        BackupFailed failed = stage.awaitFailed(stage.publish(stage.request().build()));

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("repoN-s3-key-type=auto", "metadata service");
    }

    @Test
    void aBucketThatIsNotThereIsAFaultOfTheConfigurationThatNamesTheBucketAsACause() {
        stage.sabotage().configure(Map.of("repo1-s3-bucket", "another-bucket"));

        BackupFailed failed = stage.awaitFailed(stage.publish(stage.request().build()));

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getHint()).contains("repoN-s3-bucket");
    }

    @Test
    void aCertificateWhoseTimeIsOverIsAFaultOfTheConfigurationAndNoDamage() {
        stage.sabotage().configure(Map.of("io-timeout", "1"));
        server.present(authority.issueExpired(S3Server.HOST, S3Server.HOST));
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(stage.publish(stage.request().build()));
        } finally {
            server.present(authority.issue(S3Server.HOST, S3Server.HOST));
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
        assertThat(failed.getMessage()).contains("certificate has expired");
        assertThat(failed.getHint()).contains("certificate is not believed", "expired");
    }

    @Test
    void anAuthorityThatIsNotBelievedIsAFaultOfTheConfiguration() {
        try (CertificateAuthority other = CertificateAuthority.create()) {
            stage.sabotage()
                    .configure(
                            Map.of("repo1-storage-ca-file", other.certificate().toString(), "io-timeout", "1"));

            BackupFailed failed =
                    stage.awaitFailed(stage.publish(stage.request().build()));

            assertThat(failed.getCategory()).isEqualTo(FailureCategory.CONFIGURATION);
            assertThat(failed.getHint()).contains("repoN-storage-ca-file");
        }
    }

    @Test
    void anEndpointThatIsDownIsWorthRetryingAndTheNextBackupIsMade() {
        stage.sabotage().configure(Map.of("io-timeout", "2"));
        server.stop();
        UUID id = stage.publish(stage.request().build());
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(id);
        } finally {
            server.start();
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).contains("cannot be reached");
        // what was told to wait for next to nothing may not have the time that a busy machine needs
        stage.mend();
        make(BackupType.FULL);
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void anEndpointThatGoesAwayDuringABackupAndStaysAwayIsWorthRetrying() {
        // else pgBackRest tries again by itself for longer than this test has patience
        stage.sabotage().configure(Map.of("job-retry", "0"));
        UUID id = publishSlowBackup();
        awaitCopying();
        server.stop();
        BackupFailed failed;
        try {
            failed = stage.awaitFailed(id);
        } finally {
            server.start();
        }

        assertThat(failed.getCategory()).isEqualTo(FailureCategory.RETRYABLE);
        assertThat(failed.getHint()).contains("cannot be reached");
        // what was told to wait for next to nothing may not have the time that a busy machine needs
        stage.mend();
        make(BackupType.FULL);
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void anEndpointThatIsAwayForAMomentOnlyDelaysTheBackup() {
        // a moment is as long as this machine takes to start the server
        stage.sabotage().configure(Map.of("io-timeout", "120"));
        UUID id = publishSlowBackup();
        awaitCopying();

        server.stop();
        server.start();

        stage.assertOneBackup(id);
    }

    @Test
    void aStorageThatNeverAnswersIsSaidAlthoughPgbackrestWouldWaitForMinutesAndIsSeenAgainAfterwards()
            throws IOException {
        make(BackupType.FULL);
        // pgBackRest's default
        stage.sabotage().configure(Map.of("io-timeout", "60"));
        Instant frozen = Instant.now();
        server.freeze();
        try {
            RepositoryObserved dead = stage.log()
                    .await(
                            RepositoryObserved.class,
                            event -> isOfUs(event)
                                    && event.getOccurredAt().isAfter(frozen)
                                    && event.getStatusMessage().contains("timeout"));
            assertThat(dead.getStatusCode()).isEqualTo(99);
            assertThat(dead.getStatusMessage()).contains(S3Server.HOST);
            assertThat(stage.runners().readinessOf(runner))
                    .contains("\"UP\"")
                    .contains(stage.stanza() + ", repository 1")
                    .contains("timeout");
        } finally {
            server.thaw();
        }

        stage.log()
                .await(events -> events.stream()
                        .filter(RepositoryObserved.class::isInstance)
                        .map(RepositoryObserved.class::cast)
                        .filter(this::isOfUs)
                        .reduce((older, newer) -> newer)
                        .filter(event -> event.getStatusCode() == 0)
                        .isPresent());
        assertThat(stage.runners().readinessOf(runner)).doesNotContain("repository 1");
        make(BackupType.FULL);
    }

    private boolean isOfUs(RepositoryObserved event) {
        return event.getStanza().equals(stage.stanza());
    }

    @Test
    void noProcessShowsASecretWhileABackupRuns() {
        UUID id = publishSlowBackup();
        awaitCopying();
        long child = stage.runsOf("one").child();
        Signals.sendToGroup(child, "STOP");
        List<ProcessTable.Entry> processes;
        try {
            processes = ProcessTable.read();
        } finally {
            Signals.sendToGroup(child, "CONT");
        }

        List<ProcessTable.Entry> ours = processes.stream()
                .filter(process ->
                        process.pid() == runner.pid() || process.commandLine().contains(stage.stanza()))
                .toList();
        assertThat(ours)
                .extracting(ProcessTable.Entry::commandLine)
                .as("what runs")
                .anyMatch(line -> line.endsWith(" backup"))
                .anyMatch(line -> line.contains("backup:local"));
        for (String secret : SECRETS) {
            assertThat(processes).extracting(ProcessTable.Entry::commandLine).noneMatch(line -> line.contains(secret));
            assertThat(ours)
                    .extracting(ProcessTable.Entry::environment)
                    .noneMatch(variables -> variables.contains(secret));
        }
        stage.assertOneBackup(id);
    }

    private UUID publishSlowBackup() {
        return stage.publish(
                stage.request().setOptions(Map.of("compress-type", "bz2")).build());
    }

    /** Waits until pgBackRest has a process that copies; its output would say so only when the first bundle, half of all, is done. */
    private void awaitCopying() {
        Awaitility.await("a copying process")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ProcessTable.read().stream()
                        .map(ProcessTable.Entry::commandLine)
                        .anyMatch(line -> line.contains(stage.stanza()) && line.contains("backup:local")));
    }

    private BackupCompleted make(BackupType type) {
        return stage.assertOneBackup(stage.publish(stage.request().setType(type).build()));
    }
}
