package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolLogTest {

    @Test
    void theLabelAndTheMillisecondsOfBackupAndExpireAreRead() {
        ToolLog log = ToolLog.of(Recorded.text("backup-2.45-incr-annotated.stdout"));

        assertThat(log.label()).contains("20261122-155441F_20261122-155941I");
        assertThat(log.millis()).hasValue(1897 + 3);
        assertThat(log.error()).isEmpty();
    }

    @Test
    void aChangedTypeIsToldInPgbackrestsWords() {
        ToolLog log = ToolLog.of(Recorded.text("backup-2.45-incr-no-prior.stderr"));

        assertThat(log.typeChange()).contains("no prior backup exists, incr backup has been changed to full");
    }

    @Test
    void continuationLinesBelongToTheirMessage() {
        ToolLog log = ToolLog.of(Recorded.text("backup-2.45-repo-full-enospc.stdout"));

        assertThat(log.error().orElseThrow().code()).hasValue(64);
        assertThat(log.error().orElseThrow().text()).contains("on retry after 15000ms");
    }

    @Test
    void detailsAndTheirContinuationLinesAreLeftOutAndNothingElseIs() {
        ToolLog log = ToolLog.of("""
                2026-11-22 16:01:17.565 P00   INFO: full backup size = 33MB
                2026-11-22 16:01:17.566 P01 DETAIL: backup file /d/base/1 (1MB, 10.00%) checksum a
                                                    and more
                2026-11-22 16:01:17.567 P100 DETAIL: backup file /d/base/2 (1MB, 10.00%) checksum a
                2026-11-22 16:01:17.568 P00  ERROR: [057]: unable to execute query
                                                    DETAIL: what PostgreSQL says
                """);

        assertThat(log.entries())
                .extracting(ToolLog.Entry::text)
                .containsExactly("full backup size = 33MB", "unable to execute query\nDETAIL: what PostgreSQL says");
    }

    @Test
    void progressOfOldAndNewVersionsIsRead(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("stdout");
        ProgressReader progress = new ProgressReader(output);
        assertThat(progress.read().percent()).isEmpty();

        for (String recorded :
                new String[] {"backup-2.45-running-detail.stdout", "backup-2.59.1-running-detail.stdout"}) {
            Files.writeString(output, Recorded.text(recorded));
            ProgressReader fresh = new ProgressReader(output);

            assertThat(fresh.read().percent().orElseThrow()).isBetween(90.0, 100.0);
            assertThat(fresh.read().bytesDone().orElseThrow()).isGreaterThan(260_000_000L);
        }
    }

    @Test
    void aLineThatIsNotYetWholeWaits(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("stdout");
        ProgressReader progress = new ProgressReader(output);
        Files.writeString(
                output,
                "2026-11-22 16:01:17.565 P01 DETAIL: backup file /d/base/1 (1MB, 10.00%) checksum a\n2026-11-22 P01 DETAIL: backup file /d/2 (1MB, 20");

        assertThat(progress.read().percent()).hasValue(10.0);
        Files.writeString(output, ".00%) checksum b\n", java.nio.file.StandardOpenOption.APPEND);

        assertThat(progress.read().percent()).hasValue(20.0);
        assertThat(progress.read().bytesDone()).hasValue(2 * 1024 * 1024);
        assertThat(progress.read().bytesTotal()).hasValue(10 * 1024 * 1024);
    }
}
