package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.outside.LoggedEvent;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A WAL segment disappears from the archive, and pgBackRest's own commands stay green. */
@ExtendWith(StackExtension.class)
class MissingWalIT {

    private static final String STANZA = "gap";

    private final Stack stack;
    private final PgBackRestRepository repository;

    MissingWalIT(Stack stack) {
        this.stack = stack;
        this.repository = stack.stanza(STANZA);
    }

    @Test
    void aBackupWithoutASegmentOfItsOwnRangeFailsItsProof() {
        UUID request = stack.producer().requestBackup(STANZA);
        LoggedEvent backup = stack.endOf(request);
        repository.deleteWalSegment(backup.text("walStop"));

        UUID test = stack.producer().requestRestoreTest(STANZA, backup.text("label"), "BACKUP_END");

        assertThatItFailedFor(test, backup.text("walStop"));
    }

    @Test
    void aHoleInTheMiddleOfTheArchiveFailsAProofThatAimsAtItsEnd() {
        String label = stack.backup(STANZA);
        repository.switchWal();
        String lost = repository.switchWal();
        repository.switchWal();
        repository.deleteWalSegment(lost);

        UUID toTheEnd = stack.producer().requestRestoreTest(STANZA, label, "LATEST");
        UUID toItself = stack.producer().requestRestoreTest(STANZA, label, "BACKUP_END");

        assertThatItFailedFor(toTheEnd, lost);
        LoggedEvent passed = stack.verdictOf(toItself);
        assertThat(passed.text("verdict"))
                .as("the hole lies behind it: %s", passed)
                .isEqualTo("PASSED");
    }

    private void assertThatItFailedFor(UUID test, String segment) {
        LoggedEvent verdict = stack.verdictOf(test);
        assertThat(verdict.text("verdict")).as("%s", verdict).isEqualTo("FAILED");
        assertThat(verdict.text("reasonCode")).isEqualTo("WAL_GAP");
        assertThat(verdict.text("reason")).contains(segment);
    }
}
