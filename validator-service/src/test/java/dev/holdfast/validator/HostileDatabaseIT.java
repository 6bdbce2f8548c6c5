package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import org.junit.jupiter.api.Test;

/** A sound backup of a cluster with all that production may have set for itself and that must not trouble a check. */
class HostileDatabaseIT {

    private final Prover prover = new Prover();

    @Test
    void whatProductionSetForItsOwnSessionsAndServersTroublesNoCheck() {
        try (PostgresCluster cluster = PostgresCluster.builder().archiving().start();
                PgBackRestRepository repository = PgBackRestRepository.create(cluster, Grounds.STANZA)) {
            makeHostile(cluster);
            String label = repository.backup("full");

            ProofReport report = prover.prove(repository.configuration(), new Target.BackupEnd(), label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
            assertThat(report.checks()).allMatch(Check::isPassed);
            assertThat(prover.left()).isEmpty();
        }
    }

    private static void makeHostile(PostgresCluster cluster) {
        cluster.createDatabase("hostile");
        cluster.sqlIn("hostile", "create table item as select n from generate_series(1, 20000) n");
        cluster.sqlIn("hostile", "create index on item (n)");
        cluster.sqlIn("hostile", """
                create function refuse() returns event_trigger language plpgsql as
                  'begin raise exception ''no change is allowed here''; end';
                create event trigger refuse on ddl_command_start execute function refuse()""");
        cluster.sql("alter database hostile set statement_timeout = '1ms'");
        cluster.sql("alter database hostile set default_transaction_read_only = on");
        cluster.sql("alter database hostile set session_preload_libraries = 'no_such_library'");
        // these take effect at the next start, which is the sandbox's
        cluster.sql("alter system set shared_preload_libraries = 'no_such_library'");
        cluster.sql("alter system set ssl = on");
        cluster.sql("alter system set log_directory = '/nowhere'");
        cluster.sql("alter system set logging_collector = on");
        cluster.sql("alter system set listen_addresses = '*'");
        cluster.sql("alter system set recovery_end_command = 'touch /restore/recovery-end-command-ran'");
    }
}
