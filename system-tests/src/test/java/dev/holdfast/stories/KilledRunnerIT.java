package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.Patience;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A runner dies in the middle of a backup and comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(StackExtension.class)
class KilledRunnerIT {

    private static final String STANZA = "crash";

    private final Stack stack;
    private final Site site;
    private AppProcess runner;

    KilledRunnerIT(Stack stack) {
        this.stack = stack;
        this.site = new Site(stack, STANZA, Map.of());
        this.runner = site.startRunner();
    }

    @AfterAll
    void close() {
        site.close();
    }

    @Test
    void restartedAtOnceItLeavesOneBackupAndOneEnding() {
        int before = backupsExecuted();
        UUID request = stack.producer().requestBackup(STANZA);
        awaitBackupProcess(before + 1);

        runner.kill9();
        runner = site.startRunner();

        assertThatOneBackupWasMadeFor(request);
        assertThat(backupsExecuted()).as("of this request and the next").isEqualTo(before + 2);
    }

    @Test
    void restartedAfterItsBackupHasEndedItPublishesTheEndingThatGotLost() {
        int before = backupsExecuted();
        UUID request = stack.producer().requestBackup(STANZA);
        awaitBackupProcess(before + 1);

        runner.kill9();
        Patience.until(
                "the backup, finished without its runner",
                () -> assertThat(BackupList.of(site.repository()).madeFor(request))
                        .hasSize(1));
        runner = site.startRunner();

        assertThatOneBackupWasMadeFor(request);
        assertThat(stack.endOf(request).text("recovered")).isEqualTo("true");
        assertThat(backupsExecuted()).as("of this request and the next").isEqualTo(before + 2);
    }

    private int backupsExecuted() {
        return site.executions().of("backup", STANZA).size();
    }

    private void awaitBackupProcess(int number) {
        Patience.until("pgbackrest backup", () -> assertThat(backupsExecuted()).isEqualTo(number));
    }

    private void assertThatOneBackupWasMadeFor(UUID request) {
        assertThat(stack.endOf(request).type()).isEqualTo("BackupCompleted");
        // the lane is in order: once a later request is served, nothing more will come of the first
        UUID next = stack.producer().requestBackup(STANZA);
        assertThat(stack.endOf(next).type()).isEqualTo("BackupCompleted");
        assertThat(stack.log().of(request, "BackupCompleted", "BackupFailed", "BackupRejected"))
                .hasSize(1);
        assertThat(BackupList.of(site.repository()).madeFor(request))
                .containsExactly(stack.endOf(request).text("label"));
    }
}
