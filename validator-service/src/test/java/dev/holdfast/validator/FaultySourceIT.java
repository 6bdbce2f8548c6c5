package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Target;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Faults that the backup inherited from its cluster, and the ones that only an encrypted repository can have. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultySourceIT {

    private static final Target END = new Target.BackupEnd();

    private FaultySource source;
    private final Prover prover = new Prover();

    @BeforeAll
    void make() {
        source = FaultySource.made();
    }

    @AfterAll
    void remove() {
        source.close();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @Test
    void aPageThatWasDamagedBeforeTheBackupIsFoundByEveryCheckThatReadsIt() {
        ProofReport report = prove(source.page());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONTENT_DAMAGED);
        assertThat(report.rung()).isEqualTo(Rung.TARGET_REACHED);
        assertThat(failed(report)).contains(Check.DUMP, Check.AMCHECK, Check.PAGE_CHECKSUMS);
    }

    @Test
    void anIndexThatLacksEntriesIsFoundByAmcheckAlone() {
        ProofReport report = prove(source.index());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONTENT_DAMAGED);
        assertThat(report.conclusion().message()).contains("listed_n");
        assertThat(failed(report)).containsExactly(Check.AMCHECK);
    }

    @Test
    void anIndexWhoseLibraryTheImageLacksIsNotCalledDamaged() {
        ProofReport report = prove(source.lacking());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().message()).contains("no_such_library", "HOLDFAST_SANDBOX_IMAGE");
        assertThat(report.rung()).isEqualTo(Rung.TARGET_REACHED);
    }

    @Test
    void anIndexInATextOrderThatTheImageHasNotIsNotCalledDamaged() {
        ProofReport report = prove(source.order());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().message()).contains("en-x-icu was 1.0", "listed_n");
    }

    @Test
    void aDatabaseWhoseLocaleTheImageLacksIsNotCalledDamaged() {
        ProofReport report = prove(source.locale());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().message()).contains("abroad", "build-sandbox", "--locales");
    }

    @Test
    void aFlippedByteInAnEncryptedFileIsDamage() {
        try (RepositoryCopy copy = RepositoryCopy.of(source.repository())) {
            copy.configure(FaultySource.CIPHER);
            copy.flip(copy.largestFile(source.lacking()));

            ProofReport report = prover.prove(copy.configuration(), END, source.lacking());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.BACKUP_DAMAGED);
        }
    }

    @Test
    void aListOfBackupsThatTheRightCipherPassDoesNotOpenIsDamage() {
        try (RepositoryCopy copy = RepositoryCopy.of(source.repository())) {
            copy.configure(FaultySource.CIPHER);
            copy.records("backup").forEach(copy::flip);

            ProofReport report = prover.prove(copy.configuration(), END, source.lacking());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.REPOSITORY_DAMAGED);
            assertThat(report.conclusion().message()).contains("backup.info", "the cipher pass is right");
        }
    }

    @Test
    void aWrongCipherPassIsNoDamage() {
        try (RepositoryCopy copy = RepositoryCopy.of(source.repository())) {
            copy.configure("repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=open-barley");

            ProofReport report = prover.prove(copy.configuration(), END, source.lacking());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
            assertThat(report.conclusion().message()).contains("cipher pass");
        }
    }

    @Test
    void aConfigurationThatKnowsNothingOfTheCipherIsNoDamage() {
        try (RepositoryCopy copy = RepositoryCopy.of(source.repository())) {
            ProofReport report = prover.prove(copy.configuration(), END, source.lacking());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
        }
    }

    private ProofReport prove(String label) {
        return prover.prove(source.repository().configuration(), END, label);
    }

    private static List<String> failed(ProofReport report) {
        return report.checks().stream()
                .filter(check -> check.outcome() == Check.Outcome.FAILED)
                .map(Check::name)
                .toList();
    }
}
