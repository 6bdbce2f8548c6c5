package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.outside.LoggedEvent;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bit rots in the repository. */
@ExtendWith(StackExtension.class)
class DamagedBackupIT {

    private static final String STANZA = "damaged";

    private final Stack stack;

    DamagedBackupIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void aBackupWithOneDamagedFileFailsItsProofAndTheNextBackupPassesIts() {
        PgBackRestRepository repository = stack.stanza(STANZA);
        String damaged = stack.backup(STANZA);
        repository.flipByteIn(repository.backupFiles(damaged).getFirst());
        String sound = stack.backup(STANZA);

        UUID testOfDamaged = stack.producer().requestRestoreTest(STANZA, damaged, "BACKUP_END");
        UUID testOfSound = stack.producer().requestRestoreTest(STANZA, sound, "BACKUP_END");

        LoggedEvent verdict = stack.verdictOf(testOfDamaged);
        assertThat(verdict.text("verdict")).as("%s", verdict).isEqualTo("FAILED");
        assertThat(verdict.text("reason")).isNotBlank();
        assertThat(stack.verdictOf(testOfSound).text("verdict")).isEqualTo("PASSED");
        assertThat(stack.request(testOfDamaged, "DISPROVEN").path("kind").asText())
                .isNotBlank();
        assertThat(stack.log().of(testOfDamaged, "RestoreTestCompleted")).hasSize(1);
    }
}
