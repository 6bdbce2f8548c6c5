package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Partitioning;
import dev.holdfast.testsupport.outside.PlainProducer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that knows nothing but the registry asks for a backup. */
@ExtendWith(StackExtension.class)
class AdHocRequestIT {

    private static final String STANZA = "adhoc";

    private final Stack stack;

    AdHocRequestIT(Stack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @EnumSource(Partitioning.class)
    void aRequestIsServedExactlyOnceWhateverPartitionItsClientChose(Partitioning partitioning) {
        UUID request = stack.producer().requestBackup(STANZA, partitioning, any -> {});

        String label = stack.endOf(request).text("label");

        UUID next = stack.producer().requestBackup(STANZA, partitioning, any -> {});
        assertThat(stack.endOf(next).type()).isEqualTo("BackupCompleted");
        assertThat(stack.log().of(request, "BackupStarted")).hasSize(1);
        assertThat(stack.log().of(request, "BackupCompleted", "BackupFailed", "BackupRejected"))
                .hasSize(1)
                .allSatisfy(end -> assertThat(end.type()).isEqualTo("BackupCompleted"));
        assertThat(BackupList.of(stack.stanza(STANZA)).madeFor(request)).containsExactly(label);
        assertThat(stack.request(request, "COMPLETED").path("stanza").asText()).isEqualTo(STANZA);
    }

    @Test
    void aRequestThatWishesAProofEndsProven() {
        UUID request = stack.producer()
                .requestBackup(
                        STANZA, asked -> asked.put("proof", PlainProducer.symbol(asked, "proof", "AFTER_COMPLETION")));

        LoggedEvent verdict = stack.first(request, "RestoreTestCompleted");

        assertThat(verdict.text("verdict")).as("%s", verdict).isEqualTo("PASSED");
        assertThat(verdict.text("label")).isEqualTo(stack.endOf(request).text("label"));
        assertThat(stack.request(request, "PROVEN").path("story")).isNotEmpty();
        assertThat(stack.log().of(request, "RestoreTestRequested")).hasSize(1);
    }
}
