package dev.holdfast.validator.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.Recorded;
import dev.holdfast.validator.proof.Verification;
import org.junit.jupiter.api.Test;

class VerifyReportTest {

    @Test
    void aSoundRepositoryIsValidSetBySet() {
        Verification found = VerifyReader.report(Recorded.text("verify-ok.txt"));

        assertThat(found.unread()).isEmpty();
        assertThat(found.archives()).isEmpty();
        assertThat(found.sets()).extracting(Verification.SetStatus::status).containsExactly("valid", "valid", "valid");
    }

    @Test
    void whatIsDamagedIsCountedWhereItIs() {
        Verification found = VerifyReader.report(Recorded.text("verify-damaged.txt"));

        assertThat(found.archives()).containsExactly("15-1: other: 1");
        assertThat(found.sets())
                .containsExactly(
                        new Verification.SetStatus("20261126-162247F", "valid", ""),
                        new Verification.SetStatus("20261126-162253F", "invalid", "checksum invalid: 1"));
    }

    @Test
    void anErrorThatNoSetExplainsIsNoResult() {
        Verification found = VerifyReader.report("stanza: s\nstatus: error (No usable backup.info file)\n");

        assertThat(found.unread().orElseThrow()).contains("No usable backup.info file");
    }

    @Test
    void aReportWithoutAStatusIsNone() {
        assertThat(VerifyReader.report("").unread()).isPresent();
        assertThat(VerifyReader.report("stanza: s\n").unread()).isPresent();
    }
}
