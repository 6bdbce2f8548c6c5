package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to the world while a backup is tested, between its choice and its restore. */
class ChangingWorldIT {

    private static final Target END = new Target.BackupEnd();

    private final Grounds grounds = Grounds.shared();
    private final Prover prover = new Prover();

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @Test
    void aBackupThatExpiresWhileItIsTestedIsExpiredAndNotDamaged() {
        try (RepositoryCopy copy = grounds.copy()) {
            prover.tool(real -> new Meddler(real, () -> expire(copy, grounds.bundled())));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.bundled());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.EXPIRED);
            assertThat(report.conclusion().message()).contains(grounds.bundled(), "retention removed it");
        }
    }

    @Test
    void aRepositoryThatGoesAwayWhileItIsReadIsUnreachable() {
        try (RepositoryCopy copy = grounds.copy()) {
            prover.tool(real -> new Meddler(real, () -> copy.delete(copy.repository())));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.full());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
            assertThat(report.conclusion().message()).contains("cannot be read any more");
        }
    }

    /** The walk found it, pgBackRest then finds none and complains of nothing, and PostgreSQL promotes: only where recovery ended tells. */
    @Test
    void aSegmentThatGoesAwayAfterTheWalkIsNotTakenForTheEndOfTheArchive() {
        try (RepositoryCopy copy = grounds.copy()) {
            String last = grounds.after().getLast();
            prover.tool(real -> new Meddler(real, () -> copy.delete(copy.segment(last))));

            ProofReport report = prover.prove(copy.configuration(), new Target.Latest(), grounds.full());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.TARGET_NOT_REACHED);
            assertThat(report.conclusion().message()).contains("although the archive goes on to segment");
            assertThat(report.rung()).isEqualTo(Rung.STARTED);
        }
    }

    @Test
    void somethingThatArchivesATimelineOfItsOwnMeanwhileDoesNotPassUnseen() {
        try (RepositoryCopy copy = grounds.copy()) {
            String foreign = "00000002" + grounds.after().getLast().substring(8);
            prover.tool(
                    real -> new Meddler(real, () -> copy.imitate(grounds.after().getLast(), foreign)));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.full());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.ARCHIVE_CHANGED);
            assertThat(report.conclusion().message()).contains("new timeline", foreign);
            assertThat(report.checks())
                    .filteredOn(check -> check.name().equals(Check.ARCHIVE_UNTOUCHED))
                    .singleElement()
                    .matches(check -> check.outcome() == Check.Outcome.FAILED);
        }
    }

    @Test
    void aTestThatIsCancelledDuringAnEndlessRestoreEndsAtOnceAndLeavesNothing() throws Exception {
        try (RepositoryCopy copy = grounds.copy()) {
            copy.block(copy.largestFile(grounds.full()));
            ProofProgress progress = new ProofProgress();
            CompletableFuture<ProofReport> proof = CompletableFuture.supplyAsync(
                    () -> prover.prove(copy.configuration(), END, grounds.full(), progress));
            Awaitility.await("the restore begins")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> progress.phase().equals(Check.RESTORE));

            progress.cancel("cancelled by ada");

            ProofReport report = proof.get(2, TimeUnit.MINUTES);
            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CANCELLED);
            assertThat(report.conclusion().message()).isEqualTo("cancelled by ada");
        }
    }

    @Test
    void aTestThatWritesMoreThanItMayEndsForSpaceAndLeavesNothing() {
        try (RepositoryCopy copy = grounds.copy()) {
            copy.block(copy.largestFile(grounds.full()));
            prover.diskBytes(600L << 20);
            prover.tool(real -> new Meddler(real, this::fillTheDisk));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.full());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.SPACE);
            assertThat(report.conclusion().message()).contains("more than the 600 MB", "HOLDFAST_SANDBOX_DISK");
        }
    }

    /** What a restore does that grows beyond what was foreseen. */
    private void fillTheDisk() {
        String container = prover.left().getFirst().getId();
        Command.output(
                List.of("docker", "exec", container, "dd", "if=/dev/zero", "of=/restore/filled", "bs=1M", "count=700"));
    }

    @Test
    void aTestThatTakesLongerThanItMayEndsAndLeavesNothing() {
        try (RepositoryCopy copy = grounds.copy()) {
            copy.block(copy.largestFile(grounds.full()));
            prover.limit(Duration.ofSeconds(5));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.full());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.TIMEOUT);
            assertThat(report.conclusion().message()).contains("PT5S", "HOLDFAST_VALIDATOR_TIME_LIMIT");
        }
    }

    private void expire(RepositoryCopy copy, String label) {
        Command.output(List.of(
                grounds.repository().executable().toString(),
                "--config=" + copy.configuration(),
                "--stanza=" + Grounds.STANZA,
                "--lock-path=" + grounds.repository().lockPath(),
                "--log-level-file=off",
                "--set=" + label,
                "expire"));
    }
}
