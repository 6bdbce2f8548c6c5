package dev.holdfast.validator.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.validator.Recorded;
import dev.holdfast.validator.proof.Backup;
import dev.holdfast.validator.proof.Conclusion;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.WalSegment;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class InfoReaderTest {

    private static final BooleanSupplier NO_KEY = () -> false;

    private final InfoReader reader = new InfoReader();

    @Test
    void aChainIsReadWithEverythingThatARestoreNeeds() {
        List<Backup> backups = reader.read(Recorded.text("info-chain.json"), "demo", 1, NO_KEY);

        Backup diff = backups.get(1);
        assertThat(backups).hasSize(4);
        assertThat(diff.label()).isEqualTo("20261122-155441F_20261122-155938D");
        assertThat(diff.chain()).containsExactly("20261122-155441F", "20261122-155441F_20261122-155938D");
        assertThat(diff.chainShape()).isEqualTo("FULL+DIFF");
        assertThat(diff.archiveId()).isEqualTo("15-1");
        assertThat(diff.walStop()).contains(WalSegment.parse("000000010000000000000005"));
        assertThat(diff.lsnStop()).contains(Lsn.parse("0/5000100"));
        assertThat(diff.systemId()).matches("\\d{19}");
        assertThat(backups.getLast().chainShape()).isEqualTo("FULL+DIFF+INCR+INCR");
    }

    @Test
    void aWrongCipherPassIsAMatterOfConfigurationNotOfDamage() {
        ProofStopped stopped = stopped("info-wrong-pass.json", "fx", 2);

        assertThat(stopped.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(stopped.conclusion().message()).contains("cipher pass");
    }

    @Test
    void aListThatDoesNotOpenWithAKeyThatOpensTheRestIsDamaged() {
        Conclusion conclusion = catchThrowableOfType(
                        ProofStopped.class,
                        () -> reader.read(Recorded.text("info-wrong-pass.json"), "fx", 2, () -> true))
                .conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(conclusion.message()).contains("backup.info", "the cipher pass is right");
    }

    @Test
    void whatCouldNotBeDecryptedIsReadThoughItIsNoProperJson() {
        String json = Recorded.text("info-wrong-pass.json").replace(" C+", " C+\u0007\u001f");

        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> reader.read(json, "fx", 2, NO_KEY))
                .conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(conclusion.message()).doesNotContain("\u0007", "\u001f");
    }

    @Test
    void anEncryptedRepositoryWithoutACipherInTheConfigurationIsNotDamaged() {
        String json = Recorded.text("info-permission-denied.json")
                .replaceAll(
                        "\"message\": \"\\[PathOpenError][^\"]*\"",
                        "\"message\": \"[FormatError] key/value found outside of section at line 1: Salted__x=y\"");

        ProofStopped stopped = catchThrowableOfType(ProofStopped.class, () -> reader.read(json, "fx", 1, NO_KEY));

        assertThat(stopped.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(stopped.conclusion().message()).contains("names no cipher");
    }

    @Test
    void anArchiveWithoutItsRecordIsDamagedEvenWhereAllIsEncrypted() {
        String lost =
                "[FileMissingError] unable to load info file '/r/archive/fx/archive.info' or '/r/archive/fx/archive.info.copy'";
        String damaged =
                "[CryptoError] unable to load info file '/r/archive/fx/archive.info' or '/r/archive/fx/archive.info.copy'";
        String forbidden = "[FileOpenError] unable to load info file '/r/archive/fx/archive.info'";

        assertThat(reasonOf(lost)).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(reasonOf(damaged)).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(reasonOf(forbidden)).isEqualTo(Reason.CONFIGURATION);
    }

    private Reason reasonOf(String message) {
        String json = """
                [{"name": "fx", "cipher": "aes-256-cbc", "repo": [
                  {"key": 1, "cipher": "aes-256-cbc", "status": {"code": 99, "message": "%s"}}]}]""".formatted(message);
        return catchThrowableOfType(ProofStopped.class, () -> reader.read(json, "fx", 1, NO_KEY))
                .conclusion()
                .reason();
    }

    @Test
    void aRepositoryThatMayNotBeReadIsAMatterOfConfiguration() {
        assertThat(stopped("info-permission-denied.json", "fx", 1).conclusion().reason())
                .isEqualTo(Reason.CONFIGURATION);
    }

    @Test
    void aRepositoryWithoutItsRecordsIsDamaged() {
        assertThat(stopped("info-missing-stanza-data.json", "fx", 1)
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.REPOSITORY_DAMAGED);
    }

    @Test
    void aStanzaThatWasNeverCreatedIsAMatterOfConfiguration() {
        assertThat(stopped("info-missing-stanza-path.json", "demo", 1)
                        .conclusion()
                        .reason())
                .isEqualTo(Reason.CONFIGURATION);
        assertThat(stopped("info-chain.json", "other", 1).conclusion().message())
                .contains("stanza-create");
    }

    @Test
    void aStanzaWhoseArchiveLiesThereHasLostItsBackups() {
        String json = Recorded.text("info-missing-stanza-path.json");

        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> reader.read(json, "demo", 1, () -> true))
                .conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(conclusion.message()).contains("backup/demo");
    }

    @Test
    void aStanzaWithoutBackupsHasNone() {
        assertThat(reader.read(Recorded.text("info-no-valid-backups.json"), "demo", 1, NO_KEY))
                .isEmpty();
    }

    private ProofStopped stopped(String recorded, String stanza, int repository) {
        return catchThrowableOfType(
                ProofStopped.class, () -> reader.read(Recorded.text(recorded), stanza, repository, NO_KEY));
    }
}
