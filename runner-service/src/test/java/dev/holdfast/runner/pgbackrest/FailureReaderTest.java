package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.Rejection;
import dev.holdfast.runner.backup.RunResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReaderTest {

    private static final Redaction NO_SECRETS = new Redaction(List.of());

    @Test
    void aClusterThatIsDownIsWorthRetrying() {
        RunResult.Failed failed = failed(56, "backup-2.45-pg-down.stdout");

        assertThat(failed.failure().category()).isEqualTo(Category.RETRYABLE);
        assertThat(failed.failure().errorName()).contains("db-connect");
        assertThat(failed.failure().message()).startsWith("unable to find primary cluster - cannot proceed");
    }

    @Test
    void theTailOfTheLogIsNotFilledWithTheNamesOfFiles() {
        RunResult.Failed failed = failed(56, "backup-2.45-running-detail.stdout");

        assertThat(failed.failure().logTail())
                .contains("backup start archive = 00000001000000000000001A")
                .doesNotContain("backup file");
    }

    @Test
    void aRemoteLockThatArrivesAs56IsAConflict() {
        RunResult.Failed failed = failed(56, "backup-2.45-tls-second-pod-remote-lock.stdout");

        assertThat(failed.failure().category()).isEqualTo(Category.CONFLICT);
        assertThat(failed.failure().exitCode()).hasValue(56);
    }

    @Test
    void aHeldLockIsAConflict() {
        assertThat(failed(50, "backup-2.45-second-while-running.stderr")
                        .failure()
                        .category())
                .isEqualTo(Category.CONFLICT);
    }

    @Test
    void aFullRepositoryIsAFaultOfTheStorage() {
        RunResult.Failed failed = failed(64, "backup-2.45-repo-full-enospc.stdout");

        assertThat(failed.failure().category()).isEqualTo(Category.STORAGE);
        assertThat(failed.failure().message()).contains("unable to write");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            47 | unable to create path '/r/backup/demo/x': [13] Permission denied | CONFIGURATION | chown -R postgres:postgres
            50 | unable to acquire lock on file '/l/demo-backup.lock': Permission denied | CONFIGURATION | belongs to another user
            64 | unable to write '/r/x': [28] No space left on device | STORAGE | run pgbackrest expire
            41 | unable to open '/r/x' for write: [30] Read-only file system | STORAGE | look at dmesg
            42 | unable to read '/r/x': [5] Input/output error | STORAGE | pgbackrest verify
            99 | unable to load info file '/r/backup/demo/backup.info' or '/r/backup/demo/backup.info.copy' | CORRUPTION | never run stanza-delete
            55 | unable to load info file '/r/backup/demo/backup.info' or '/r/backup/demo/backup.info.copy' | CONFIGURATION | stanza-create
            27 | no database found | RETRYABLE | See that the cluster runs
            106 | new backup label '20261126-1F' is not later than latest backup label '20990101-0F' | CONFIGURATION | a backup from the future
            """)
    void whatIsBehindAnErrorDecidesWhoHasToActAndWhat(int exit, String message, Category category, String hint) {
        Failure failure = FailureReader.failure(exit, "P00  ERROR: [%03d]: %s".formatted(exit, message), NO_SECRETS);

        assertThat(failure.category()).isEqualTo(category);
        assertThat(failure.message()).isEqualTo(message);
        assertThat(failure.hint()).contains(hint);
    }

    @Test
    void anotherClusterUnderTheStanzaIsRefused() {
        RunResult result = read(51, "backup-2.45-system-id-mismatch.stdout");

        assertThat(result).isInstanceOfSatisfying(RunResult.Refused.class, refused -> {
            assertThat(refused.rejection()).isEqualTo(Rejection.SYSTEM_CHANGED);
            assertThat(refused.detail()).contains("7711041467653634661").contains("stanza-upgrade");
        });
    }

    @Test
    void aStopFileIsRefusedAsPaused() {
        RunResult result = read(62, "backup-2.45-when-stopped.stderr");

        assertThat(result).isInstanceOfSatisfying(RunResult.Refused.class, refused -> {
            assertThat(refused.rejection()).isEqualTo(Rejection.PAUSED);
            assertThat(refused.detail()).contains("pgbackrest start");
        });
    }

    @Test
    void aSignalIsAnInterruptionNotAFailure() {
        assertThat(read(63, "backup-2.45-sigterm.stdout")).isInstanceOf(RunResult.Interrupted.class);
        assertThat(read(137, "backup-2.45-sigterm.stdout")).isInstanceOf(RunResult.Interrupted.class);
    }

    @Test
    void successWithoutABackupIsNoSuccess() {
        RunResult result = FailureReader.read(0, "", Optional.empty(), NO_SECRETS);

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Failed.class,
                        failed -> assertThat(failed.failure().message())
                                .isEqualTo(
                                        "pgBackRest ended with success, but the repository lists no backup of this request"));
    }

    @Test
    void aMissingExecutableNamesTheSetting() {
        RunResult result = FailureReader.read(127, "sh: nothere: not found", Optional.empty(), NO_SECRETS);

        assertThat(result).isInstanceOfSatisfying(RunResult.Failed.class, failed -> {
            assertThat(failed.failure().category()).isEqualTo(Category.CONFIGURATION);
            assertThat(failed.failure().hint()).contains("HOLDFAST_PGBACKREST");
        });
    }

    private static RunResult.Failed failed(int exit, String recorded) {
        return (RunResult.Failed) read(exit, recorded);
    }

    private static RunResult read(int exit, String recorded) {
        return FailureReader.read(exit, Recorded.text(recorded), Optional.empty(), NO_SECRETS);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "39 | HTTP request failed with 403 (Forbidden): | CONFIGURATION | refuses the keys",
                "39 | HTTP request failed with 503 (Slow Down): | RETRYABLE | cannot be reached",
                "95 | unable to verify certificate presented by 's3:443': [10] certificate has expired | CONFIGURATION | is not believed",
                "95 | unable to find hostname 's3' in certificate common name | CONFIGURATION | is not believed",
                "49 | unable to connect to 's3:443': [111] Connection refused | RETRYABLE | cannot be reached",
                "105 | raised from remote-0 tls protocol on 'db': access denied | CONFIGURATION | tls-server-auth",
                "39 | remote-0 ssh process on 'db' terminated unexpectedly [255]: Host key verification failed. | CONFIGURATION | ssh-keyscan",
                "39 | remote-0 ssh process on 'db' terminated unexpectedly [255]: u@db: Permission denied (publickey). | CONFIGURATION | authorized_keys",
                "95 | unable to flush | CORRUPTION | passphrase"
            })
    void anotherSidesTroubleIsToldByWhatItSaysAndNotByItsNumber(
            int exit, String message, Category category, String hint) {
        RunResult.Failed failed = (RunResult.Failed) FailureReader.read(
                exit, "P00  ERROR: [%03d]: %s".formatted(exit, message), Optional.empty(), NO_SECRETS);

        assertThat(failed.failure().category()).isEqualTo(category);
        assertThat(failed.failure().hint()).contains(hint);
    }
}
