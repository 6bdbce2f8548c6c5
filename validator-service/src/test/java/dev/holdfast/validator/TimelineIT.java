package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.Verdict;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A cluster that was restored in place to a point in its past and promoted: what it archived behind that point before is
 * abandoned, and it goes on on a new timeline.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimelineIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Prover prover = new Prover();
    private PostgresCluster cluster;
    private PgBackRestRepository repository;
    private String before;
    private String promoted;

    @BeforeAll
    void promote() {
        cluster = PostgresCluster.builder().archiving().start();
        repository = PgBackRestRepository.create(cluster, Grounds.STANZA);
        before = repository.backup("full");
        cluster.sql("create table kept as select 1 as n");
        cluster.sql("select pg_create_restore_point('fork')");
        cluster.sql("create table abandoned as select 1 as n");
        cluster.sql("select pg_create_restore_point('abandoned')");
        repository.switchWal();
        cluster.stop();
        repository.run("--delta", "--type=name", "--target=fork", "--target-action=promote", "restore");
        cluster.start();
        Awaitility.await("production was promoted")
                .atMost(PATIENCE)
                .until(() -> cluster.sql("select pg_is_in_recovery()").contains("f"));
        cluster.sql("create table after as select 1 as n");
        promoted = repository.switchWal();
    }

    @AfterAll
    void remove() {
        cluster.close();
        repository.close();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @Test
    void recoveryFollowsProductionAcrossItsPromotionAndNowhereElse() {
        // no backup was made on the new timeline yet: nobody knows whether it is production's
        ProofReport unknown = prove(new Target.Latest());
        assertThat(unknown.conclusion().reason()).as(unknown.toString()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(unknown.conclusion().message()).contains("timeline 2", "make a backup");
        assertThat(prove(new Target.BackupEnd()).conclusion().reason()).isEqualTo(Reason.OK);

        String newer = repository.backup("full");

        ProofReport latest = prove(new Target.Latest());
        assertThat(latest.conclusion().reason()).as(latest.toString()).isEqualTo(Reason.OK);
        assertThat(latest.reached().orElseThrow().timeline()).hasValue(2);
        assertThat(latest.reached().orElseThrow().lastSegment().orElseThrow().toString())
                .isGreaterThanOrEqualTo(promoted);
        assertThat(prove(new Target.Name("fork")).conclusion().reason()).isEqualTo(Reason.OK);

        ProofReport abandoned = prove(new Target.Name("abandoned"));
        assertThat(abandoned.conclusion().reason()).as(abandoned.toString()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(abandoned.conclusion().message()).contains("no restore point is named 'abandoned'");

        try (RepositoryCopy copy = RepositoryCopy.of(repository)) {
            copy.replace(copy.history(2), copy.records("archive").getFirst());
            ProofReport damaged = prover.prove(copy.configuration(), new Target.Latest(), before);
            assertThat(damaged.conclusion().reason()).as(damaged.toString()).isEqualTo(Reason.WAL_DAMAGED);
            assertThat(damaged.conclusion().message()).contains("00000002.history");
            ProofReport own = prover.prove(copy.configuration(), new Target.BackupEnd(), newer);
            assertThat(own.conclusion().reason()).as(own.toString()).isEqualTo(Reason.WAL_DAMAGED);
            assertThat(own.conclusion().message()).contains("00000002.history");
            copy.fork(2, behindStart(newer));
            ProofReport moved = prover.prove(copy.configuration(), new Target.BackupEnd(), newer);
            assertThat(moved.conclusion().reason()).as(moved.toString()).isEqualTo(Reason.WAL_DAMAGED);
            assertThat(moved.conclusion().message()).contains("00000002.history");
            copy.delete(copy.history(2));
            ProofReport lost = prover.prove(copy.configuration(), new Target.Latest(), before);
            assertThat(lost.conclusion().reason()).as(lost.toString()).isEqualTo(Reason.WAL_GAP);
            assertThat(lost.conclusion().message()).contains("00000002.history");
        }

        repository.deleteWalSegment(promoted);
        ProofReport hole = prove(new Target.Latest());
        assertThat(hole.conclusion().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(hole.conclusion().reason()).as(hole.toString()).isEqualTo(Reason.WAL_GAP);
        assertThat(hole.conclusion().message()).contains(promoted);
    }

    /** A position in the segment in which the backup began, behind where it began. */
    private Lsn behindStart(String label) {
        String info = repository.info();
        int lsn = info.indexOf("\"lsn\":", info.indexOf("\"label\":\"" + label + "\""));
        int start = info.indexOf("\"start\":\"", lsn) + "\"start\":\"".length();
        return new Lsn(
                Lsn.parse(info.substring(start, info.indexOf('"', start))).value() + 0x100);
    }

    private ProofReport prove(Target target) {
        return prover.prove(repository.configuration(), target, before);
    }
}
