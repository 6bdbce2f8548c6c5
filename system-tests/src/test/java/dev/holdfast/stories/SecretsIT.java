package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.LoggedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An encrypted repository: its pass phrase stays where it was configured. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class SecretsIT {

    private static final String STANZA = "sealed";
    private static final String PASS_PHRASE = "kestrel-" + UUID.randomUUID();

    private final Stack stack;

    SecretsIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void aPassPhraseIsInNoTopicNoLogAndNoArgumentAfterABackupItsProofAndAFailure() {
        try (Site site =
                new Site(stack, STANZA, Map.of("repo1-cipher-type", "aes-256-cbc", "repo1-cipher-pass", PASS_PHRASE))) {
            site.startRunner();
            site.startValidator();

            LoggedEvent backup = stack.endOf(stack.producer().requestBackup(STANZA));
            LoggedEvent verdict =
                    stack.verdictOf(stack.producer().requestRestoreTest(STANZA, backup.text("label"), "BACKUP_END"));
            site.repository().cluster().stop();
            LoggedEvent failed = stack.endOf(stack.producer().requestBackup(STANZA));

            assertThat(backup.text("encryption")).isEqualTo("aes-256-cbc");
            assertThat(verdict.text("verdict")).as("%s", verdict).isEqualTo("PASSED");
            assertThat(failed.type()).isEqualTo("BackupFailed");
            assertThat(site.executions().all())
                    .noneMatch(call -> call.stream().anyMatch(argument -> argument.contains(PASS_PHRASE)));
        }
        assertThatNoTopicAndNoLogHasIt();
    }

    private void assertThatNoTopicAndNoLogHasIt() {
        assertThat(stack.log().all()).noneMatch(SecretsIT::hasIt);
        assertThat(Folders.filesIn(stack.folder()))
                .isNotEmpty()
                .noneMatch(file -> Folders.text(file).contains(PASS_PHRASE));
    }

    private static boolean hasIt(LoggedEvent event) {
        byte[] value = event.raw().value() == null ? new byte[0] : event.raw().value();
        return new String(value, StandardCharsets.ISO_8859_1).contains(PASS_PHRASE)
                || Arrays.stream(event.raw().headers().toArray())
                        .anyMatch(header ->
                                new String(header.value(), StandardCharsets.ISO_8859_1).contains(PASS_PHRASE));
    }
}
