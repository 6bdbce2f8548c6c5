package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.validator.proof.Assertion;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.Demands;
import dev.holdfast.validator.proof.Expectation;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A sound backup of a cluster with all that production may have set for itself and that must not trouble a check, and a file
 * of assertions that try all that a query could do besides asking.
 */
class HostileDatabaseIT {

    private static final String SOUND = "select count(*) from item";

    /** Where PostgreSQL keeps secrets that whoever may read everything may read. */
    private static final String SECRETS = """
            select count(*) + 20000
            from (select rolpassword from pg_authid
                  union all select array_to_string(umoptions, ' ') from pg_user_mapping
                  union all select array_to_string(srvoptions, ' ') from pg_foreign_server
                  union all select subconninfo from pg_subscription) as kept(secret)
            where secret ~ 'a-secret|SCRAM|md5'""";

    /** What each would return if it could do what it wants to do. */
    private static final List<String> HOSTILE = List.of(
            "select 1; create table escaped ()",
            "select 1); create table escaped (); select (1",
            "create table escaped ()",
            "with new as (insert into item values (1) returning 1) select * from new",
            "select 1 from item for update limit 1",
            "copy (select 1) to program 'touch /restore/escaped'",
            "select length(pg_read_file('/etc/passwd'))",
            "select lo_import('/etc/passwd')",
            "select pg_reload_conf()",
            "select rolled from lent()",
            "select set_config('session_authorization', 'postgres', false)",
            "select set_config('role', 'postgres', false)",
            "set session authorization postgres",
            "reset session authorization",
            "commit",
            "do 'begin perform 1; end'",
            "\\! touch /restore/escaped",
            "\\copy (select 1) to program 'touch /restore/escaped'",
            "'); select 1; --",
            ":reader",
            "select pg_sleep(3600)");

    private final Prover prover = new Prover();

    @Test
    void whatProductionSetTroublesNoCheckAndNoAssertionDoesMoreThanAsk() {
        try (PostgresCluster cluster = PostgresCluster.builder().archiving().start();
                PgBackRestRepository repository = PgBackRestRepository.create(cluster, Grounds.STANZA)) {
            makeHostile(cluster);
            String label = repository.backup("full");
            prover.demands(_ -> demands());

            ProofReport report = prover.prove(repository.configuration(), new Target.BackupEnd(), label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
            assertThat(report.checks())
                    .filteredOn(check -> !check.name().startsWith("assertion:hostile"))
                    .allMatch(check -> check.isPassed() || mayNotRun(check));
            assertThat(report.checks())
                    .filteredOn(check -> check.name().startsWith("assertion:hostile"))
                    .hasSize(HOSTILE.size())
                    .noneMatch(Check::isPassed)
                    .noneMatch(check -> check.detail().contains("found"));
            assertThat(prover.left()).isEmpty();
        }
    }

    private static boolean mayNotRun(Check check) {
        return check.name().equals(Check.SCHEMA) || check.name().equals(Check.VERIFY);
    }

    private static Demands demands() {
        Stream<Assertion> hostile = IntStream.range(0, HOSTILE.size())
                .mapToObj(number -> assertion("hostile " + number, HOSTILE.get(number), Assertion.Severity.WARN));
        // what is asked last sees what the others did
        Stream<Assertion> sound = Stream.of(
                assertion("sound", SOUND, Assertion.Severity.FAIL),
                assertion(
                        "nothing was made",
                        "select count(*) + 20000 from pg_class where relname = 'escaped'",
                        Assertion.Severity.FAIL),
                assertion("no secret can be read", SECRETS, Assertion.Severity.FAIL));
        return new Demands(Optional.of("a test"), Stream.concat(hostile, sound).toList(), false);
    }

    private static Assertion assertion(String name, String sql, Assertion.Severity severity) {
        return new Assertion(
                name,
                "hostile",
                sql,
                new Expectation.Numeric(BigDecimal.valueOf(20_000), BigDecimal.ZERO),
                severity,
                Duration.ofSeconds(severity == Assertion.Severity.WARN ? 5 : 60));
    }

    private static void makeHostile(PostgresCluster cluster) {
        cluster.createDatabase("hostile");
        cluster.sqlIn("hostile", "create table item as select n from generate_series(1, 20000) n");
        cluster.sqlIn("hostile", "create index on item (n)");
        // ordered by another library than the rest of the cluster
        cluster.sql("create database ordered template template0 locale_provider icu icu_locale 'de-u-co-phonebk'");
        cluster.sqlIn(
                "ordered",
                "create table item as select n, chr(228) || md5(n::text) as name from generate_series(1, 1000) n; create index on item (name)");
        cluster.sqlIn("hostile", """
                create function lent() returns table (rolled int) language plpgsql security definer as
                  'begin create table escaped (); return query select 1; end'""");
        cluster.sqlIn("hostile", """
                create role treasurer login password 'a-secret';
                create foreign data wrapper elsewhere;
                create server elsewhere foreign data wrapper elsewhere options (token 'a-secret');
                create user mapping for public server elsewhere options (password 'a-secret');
                create subscription elsewhere connection 'host=nowhere password=a-secret' publication everything with (connect = false)""");
        cluster.sqlIn("hostile", """
                create function refuse() returns event_trigger language plpgsql as
                  'begin raise exception ''no change is allowed here''; end';
                create event trigger refuse on ddl_command_start execute function refuse()""");
        cluster.sql("revoke connect on database hostile from public");
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
