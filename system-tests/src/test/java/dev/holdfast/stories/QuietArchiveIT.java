package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The worst thing that a proof could do: write into the repository that it proves. */
@ExtendWith(StackExtension.class)
class QuietArchiveIT {

    private static final String STANZA = "quiet";

    private final Stack stack;

    QuietArchiveIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void proofsLeaveTheArchiveOfAQuiescedClusterAsItWasToTheByte() {
        PgBackRestRepository repository = stack.stanza(STANZA);
        String label = stack.backup(STANZA);
        // stopping archives the last segment; from then on nobody but a proof could write
        repository.switchWal();
        repository.cluster().stop();
        List<String> before = ofThisStanza(repository.archiveListing());

        UUID toItself = stack.producer().requestRestoreTest(STANZA, label, "BACKUP_END");
        UUID toTheEnd = stack.producer().requestRestoreTest(STANZA, label, "LATEST");

        assertThat(stack.verdictOf(toItself).text("verdict"))
                .as("%s", stack.verdictOf(toItself))
                .isEqualTo("PASSED");
        assertThat(stack.verdictOf(toTheEnd).text("verdict"))
                .as("%s", stack.verdictOf(toTheEnd))
                .isEqualTo("PASSED");
        assertThat(ofThisStanza(repository.archiveListing())).isEqualTo(before);
    }

    private static List<String> ofThisStanza(List<String> listing) {
        return listing.stream()
                .filter(line -> line.startsWith("archive/" + STANZA + "/"))
                .toList();
    }
}
