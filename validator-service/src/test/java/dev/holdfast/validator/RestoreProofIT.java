package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.Inventory;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Marker;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proofs of a sound backup in real containers: to every kind of target, and where the set-up is at fault. */
class RestoreProofIT {

    private final Grounds grounds = Grounds.shared();
    private final Prover prover = new Prover();

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @Test
    void aSoundBackupPassesWithEveryCheckAndLeavesTheArchiveUntouched() {
        String before = grounds.repository().listingDigest();
        prover.verifying();

        ProofReport report = prove(new Target.BackupEnd(), Optional.of(grounds.incr()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.rung()).isEqualTo(Rung.CONTENT_CHECKED);
        // there is no earlier proof to compare with
        assertThat(report.checks())
                .allMatch(check -> check.isPassed() || check.name().equals(Check.SCHEMA));
        assertThat(report.checks())
                .extracting(Check::name)
                .containsExactly(
                        Check.WAL_CONTINUITY,
                        Check.RESTORE,
                        Check.SYSTEM_IDENTITY,
                        Check.RECOVERY_TARGET,
                        Check.QUERY,
                        Check.DUMP,
                        Check.AMCHECK,
                        Check.SCHEMA,
                        Check.ROWS,
                        Check.PAGE_CHECKSUMS,
                        Check.ARCHIVE_UNTOUCHED,
                        Check.VERIFY);
        assertThat(report.backup().orElseThrow().chainShape()).isEqualTo("FULL+INCR");
        assertThat(report.digests().manifest()).isPresent();
        assertThat(grounds.repository().listingDigest()).isEqualTo(before);
    }

    @Test
    void theSandboxIsSeenFromInsideToBeCutOff() {
        ProofReport report = prove(new Target.BackupEnd(), Optional.of(grounds.full()));

        var facts = report.sandbox().orElseThrow();
        var inside = facts.inside().orElseThrow();
        assertThat(facts.network()).isEqualTo("none");
        assertThat(inside.interfaces()).containsExactly("lo");
        assertThat(inside.capabilities()).matches("0+");
        assertThat(inside.noNewPrivileges()).isTrue();
        assertThat(inside.readOnlyRoot()).isTrue();
        assertThat(inside.repositoryWritable()).isFalse();
        assertThat(inside.user()).isEqualTo(grounds.repository().repositoryOwner());
        assertThat(inside.mounts()).contains(grounds.repository().path() + ":ro");
        assertThat(facts.limits())
                .containsEntry("memory", String.valueOf(1L << 30))
                .containsEntry("processes", "256");
        assertThat(facts.imageDigest().orElseThrow()).startsWith("sha256:");
    }

    @Test
    void latestReachesTheEndOfTheArchive() {
        ProofReport report = prove(new Target.Latest(), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.reached().orElseThrow().lastSegment().orElseThrow().toString())
                .isGreaterThanOrEqualTo(grounds.after().getLast());
    }

    @Test
    void aTimeBetweenTwoCommitsIsReached() {
        ProofReport report = prove(new Target.Time(Instant.parse(grounds.middle())), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.reached().orElseThrow().lastCommit().orElseThrow()).isBefore(Instant.parse(grounds.middle()));
        assertThat(report.content().inventory().orElseThrow().tables())
                .extracting(Inventory.Table::name)
                .contains("shop: public.one")
                .doesNotContain("shop: public.two");
    }

    @Test
    void aTimeBehindTheArchiveIsUnreachable() {
        ProofReport report =
                prove(new Target.Time(Instant.now().plus(Duration.ofHours(2))), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(report.conclusion().message()).contains("behind the end of the archive");
    }

    @Test
    void aTimeBeforeTheOldestBackupIsUnreachable() {
        ProofReport report = prove(new Target.Time(Instant.parse("2020-01-01T00:00:00Z")), Optional.empty());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.TARGET_UNREACHABLE);
    }

    @Test
    void aNamedPointKnownFromProductionProvesTheBoundary() {
        Lsn point = Lsn.parse(grounds.cluster()
                .sql("select pg_create_restore_point('boundary')")
                .getFirst());
        grounds.repository().switchWal();
        prover.memory().restorePoint(Grounds.STANZA, new Marker("boundary", point, Instant.now()));

        ProofReport report = prove(new Target.Name("boundary"), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.rung()).isEqualTo(Rung.BOUNDARY_PROVEN);
        assertThat(report.reached().orElseThrow().restorePoint()).contains("boundary");

        Lsn another = Lsn.parse(grounds.cluster()
                .sql("select pg_create_restore_point('boundary')")
                .getFirst());
        grounds.repository().switchWal();
        prover.memory().restorePoint(Grounds.STANZA, new Marker("boundary", another, Instant.now()));

        ProofReport ambiguous = prove(new Target.Name("boundary"), Optional.of(grounds.full()));

        assertThat(ambiguous.conclusion().reason()).as(ambiguous.toString()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(ambiguous.conclusion().message()).contains(point.toString(), another.toString());
    }

    @Test
    void aRandomPositionInTheWindowIsReached() {
        ProofReport report = prove(new Target.RandomInWindow(), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
    }

    @Test
    void aBackupThatRetentionRemovedIsExpired() {
        ProofReport report = prove(new Target.BackupEnd(), Optional.of("20200101-000000F"));

        assertThat(report.conclusion().reason()).isEqualTo(Reason.EXPIRED);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void aMissingImageIsInconclusiveAndNamesTheRemedy() {
        prover.image("holdfast/no-such-image:1");

        ProofReport report = prove(new Target.BackupEnd(), Optional.empty());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report.conclusion().message()).contains("deploy/local/prepare");
    }

    @Test
    void tooLittleDiskIsInconclusive() {
        prover.diskBytes(50L << 20);

        ProofReport report = prove(new Target.BackupEnd(), Optional.empty());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.SPACE);
        assertThat(report.conclusion().message()).contains("HOLDFAST_SANDBOX_DISK");
    }

    @Test
    void tooLittleMemoryIsInconclusive() {
        prover.memoryBytes(20L << 20);

        ProofReport report = prove(new Target.BackupEnd(), Optional.empty());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.MEMORY);
        assertThat(report.conclusion().message()).contains("HOLDFAST_SANDBOX_MEMORY");
    }

    @Test
    void aConfigurationThatIsNotThereIsInconclusive() {
        ProofReport report =
                prover.prove(Path.of("/nowhere/pgbackrest.conf"), new Target.BackupEnd(), Optional.empty());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(report.conclusion().message()).contains("HOLDFAST_PGBACKREST_CONFIG");
    }

    private ProofReport prove(Target target, Optional<String> label) {
        return prover.prove(grounds.repository().configuration(), target, label);
    }
}
