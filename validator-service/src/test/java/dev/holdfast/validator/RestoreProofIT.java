package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.validator.claim.TestMemory;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.postgresql.PostgreSql;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RestoreProof;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.proof.Verdict;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proofs of real backups in real containers, sound ones and damaged ones. */
class RestoreProofIT {

    private static final String IMAGE = "holdfast/sandbox:15";
    private static final long GIGABYTE = 1L << 30;

    private final Grounds grounds = Grounds.shared();
    private final String owner = "test/" + UUID.randomUUID();
    private final DockerClient docker = docker();
    private final TestMemory memory = new TestMemory();

    @AfterEach
    void nothingIsLeft() {
        assertThat(docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of("dev.holdfast.sandbox.owner", owner))
                        .exec())
                .isEmpty();
    }

    @Test
    void aSoundBackupPassesWithEveryCheckAndLeavesTheArchiveUntouched() {
        String before = grounds.repository().listingDigest();

        ProofReport report = prove(new Target.BackupEnd(), Optional.of(grounds.incr()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.rung()).isEqualTo(Rung.CONTENT_CHECKED);
        assertThat(report.checks()).allMatch(Check::isPassed);
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
                        Check.PAGE_CHECKSUMS,
                        Check.ARCHIVE_UNTOUCHED);
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
        memory.restorePoint(Grounds.STANZA, "boundary", point);

        ProofReport report = prove(new Target.Name("boundary"), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.rung()).isEqualTo(Rung.BOUNDARY_PROVEN);
        assertThat(report.reached().orElseThrow().restorePoint()).contains("boundary");
    }

    @Test
    void aRandomPositionInTheWindowIsReached() {
        ProofReport report = prove(new Target.RandomInWindow(), Optional.of(grounds.full()));

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
    }

    @Test
    void aFlippedByteInTheBackupFails() {
        try (Grounds.Copy copy = grounds.copy()) {
            copy.flip(copy.largestFile(grounds.full()));

            ProofReport report = prove(copy.configuration(), new Target.BackupEnd(), Optional.of(grounds.full()));

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.BACKUP_DAMAGED);
            assertThat(report.conclusion().verdict()).isEqualTo(Verdict.FAILED);
            assertThat(report.conclusion().message())
                    .contains(copy.largestFile(grounds.full()).getFileName().toString());
        }
    }

    @Test
    void aSegmentMissingInsideTheBackupFails() {
        try (Grounds.Copy copy = grounds.copy()) {
            String stop = lastSegmentOf(grounds.incr());
            copy.delete(copy.segment(stop));

            ProofReport report = prove(copy.configuration(), new Target.BackupEnd(), Optional.of(grounds.incr()));

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.WAL_GAP);
            assertThat(report.conclusion().message()).contains(stop);
        }
    }

    @Test
    void aSegmentMissingBehindTheBackupFailsLatestAlthoughPostgresPromotes() {
        try (Grounds.Copy copy = grounds.copy()) {
            String gone = grounds.after().get(1);
            copy.delete(copy.segment(gone));

            ProofReport report = prove(copy.configuration(), new Target.Latest(), Optional.of(grounds.full()));

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.WAL_GAP);
            assertThat(report.conclusion().message()).contains(gone);
            assertThat(report.rung()).isLessThan(Rung.VERIFY);
        }
    }

    @Test
    void aSegmentMissingBehindTheBackupDoesNotMatterToItsEnd() {
        try (Grounds.Copy copy = grounds.copy()) {
            copy.delete(copy.segment(grounds.after().get(1)));

            ProofReport report = prove(copy.configuration(), new Target.BackupEnd(), Optional.of(grounds.full()));

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        }
    }

    @Test
    void aDamagedSegmentFailsLatest() {
        try (Grounds.Copy copy = grounds.copy()) {
            copy.flip(copy.segment(grounds.after().get(1)));

            ProofReport report = prove(copy.configuration(), new Target.Latest(), Optional.of(grounds.full()));

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.WAL_DAMAGED);
        }
    }

    @Test
    void aBackupThatRetentionRemovedIsExpired() {
        ProofReport report = prove(new Target.BackupEnd(), Optional.of("20200101-000000F"));

        assertThat(report.conclusion().reason()).isEqualTo(Reason.EXPIRED);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void aMissingImageIsInconclusiveAndNamesTheRemedy() {
        ProofReport report = prover(
                        grounds.repository().configuration(),
                        settings("holdfast/no-such-image:1", GIGABYTE, 100 * GIGABYTE))
                .prove(order(new Target.BackupEnd(), Optional.empty()), new ProofProgress());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.IMAGE);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report.conclusion().message()).contains("deploy/local/prepare");
    }

    @Test
    void tooLittleDiskIsInconclusive() {
        ProofReport report = prover(grounds.repository().configuration(), settings(IMAGE, GIGABYTE, 50L << 20))
                .prove(order(new Target.BackupEnd(), Optional.empty()), new ProofProgress());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.SPACE);
    }

    @Test
    void aConfigurationThatIsNotThereIsInconclusive() {
        ProofReport report = prove(Path.of("/nowhere/pgbackrest.conf"), new Target.BackupEnd(), Optional.empty());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(report.conclusion().message()).contains("HOLDFAST_PGBACKREST_CONFIG");
    }

    @Test
    void aPageThatWasCorruptBeforeTheBackupFails() {
        try (CorruptGrounds corrupt = CorruptGrounds.made()) {
            ProofReport report = prover(corrupt.repository().configuration(), settings(IMAGE, GIGABYTE, 100 * GIGABYTE))
                    .prove(order(new Target.BackupEnd(), Optional.empty()), new ProofProgress());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONTENT_DAMAGED);
            assertThat(report.rung()).isEqualTo(Rung.TARGET_REACHED);
            assertThat(report.checks())
                    .filteredOn(check -> check.outcome() == Check.Outcome.FAILED)
                    .extracting(Check::name)
                    .contains(Check.DUMP, Check.AMCHECK, Check.PAGE_CHECKSUMS);
        }
    }

    private String lastSegmentOf(String label) {
        String info = grounds.repository().info();
        int at = info.indexOf("\"label\":\"" + label + "\"");
        int stop = info.lastIndexOf("\"stop\":\"", at);
        return info.substring(stop + 8, stop + 32);
    }

    private ProofReport prove(Target target, Optional<String> label) {
        return prove(grounds.repository().configuration(), target, label);
    }

    private ProofReport prove(Path configuration, Target target, Optional<String> label) {
        return prover(configuration, settings(IMAGE, GIGABYTE, 100 * GIGABYTE))
                .prove(order(target, label), new ProofProgress());
    }

    private RestoreProof prover(Path configuration, SandboxSettings settings) {
        SandboxSettings withTool = new SandboxSettings(
                settings.image(),
                owner,
                settings.memoryBytes(),
                settings.diskBytes(),
                settings.processes(),
                settings.cpus(),
                workspace -> PgBackRest.environment(configuration, workspace));
        Duration limit = Duration.ofMinutes(10);
        return new RestoreProof(
                new RestoreProof.Tools(
                        new DockerEngine(docker, withTool, Clock.systemUTC()),
                        new PgBackRest(configuration, Map.of(), limit, 2),
                        new PostgreSql("postgres", limit)),
                memory,
                Clock.systemUTC(),
                limit);
    }

    private static SandboxSettings settings(String image, long memory, long disk) {
        return new SandboxSettings(image, "test", memory, disk, 256, 2, _ -> Map.of());
    }

    private static TestOrder order(Target target, Optional<String> label) {
        return new TestOrder(UUID.randomUUID(), Grounds.STANZA, OptionalInt.empty(), label, Selection.NEWEST, target);
    }

    private static DockerClient docker() {
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .maxConnections(100)
                        .build());
    }
}
