package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Audit;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happened in a period, counted by stanza. */
final class AuditQueries {

    private static final String FIGURES = """
            select s.stanza, b.*, r.*, t.*, l.*
            from stanzas s
            cross join lateral (
              select count(*) as backups,
                     count(*) filter (where proof_verdict in ('PASSED', 'FAILED')) as backups_tested,
                     count(*) filter (where proof_verdict = 'PASSED') as backups_proven,
                     count(*) filter (where proof_verdict = 'FAILED') as backups_disproven
              from backup_sets b
              where b.stanza = s.stanza and b.is_known and b.finished_at >= :from and b.finished_at < :to) b
            cross join lateral (
              select count(*) as runs_failed
              from requests q
              where q.stanza = s.stanza and q.kind = 'BACKUP' and q.asked_at >= :from and q.asked_at < :to
                and q.state in ('FAILED', 'LOST', 'UNSERVED')) r
            cross join lateral (
              select count(*) filter (where verdict = 'PASSED') as tests_passed,
                     count(*) filter (where verdict = 'FAILED') as tests_failed,
                     count(*) filter (where verdict not in ('PASSED', 'FAILED')) as tests_inconclusive
              from restore_tests t
              where t.stanza = s.stanza and t.verdict is not null and t.finished_at >= :from and t.finished_at < :to) t
            cross join lateral (
              select count(*) as slots,
                     count(*) filter (where outcome = 'MISSED') as slots_missed,
                     count(*) filter (where outcome in ('SKIPPED_OVERLAP', 'SKIPPED_BLACKOUT', 'SKIPPED_PAUSED', 'SUPERSEDED')) as slots_skipped
              from slots l
              where l.stanza = s.stanza and l.slot >= :from and l.slot < :to) l
            where :stanza::text is null or s.stanza = :stanza
            order by s.stanza
            """;

    private static final String FAILURES = """
            select f.kind, f.id, f.stanza, f.at, f.message, remedy.id as remedy_id, remedy.at as remedy_at
            from (
              select 'BACKUP' as kind, request_id as id, stanza, asked_at as at,
                     coalesce(failed ->> 'message', unserved ->> 'detail', state) as message
              from requests
              where kind = 'BACKUP' and state in ('FAILED', 'LOST', 'UNSERVED') and stanza is not null
                and asked_at >= :from and asked_at < :to and (:stanza::text is null or stanza = :stanza)
              union all
              select 'RESTORE_TEST', test_id, stanza, finished_at, coalesce(completed ->> 'reason', verdict)
              from restore_tests
              where verdict = 'FAILED' and stanza is not null
                and finished_at >= :from and finished_at < :to and (:stanza::text is null or stanza = :stanza)) f
            left join lateral (
              select * from (
                (select request_id as id, asked_at as at from requests q
                 where f.kind = 'BACKUP' and q.stanza = f.stanza and q.kind = 'BACKUP' and q.completed is not null and q.asked_at > f.at
                 order by asked_at limit 1)
                union all
                (select test_id, finished_at from restore_tests t
                 where f.kind = 'RESTORE_TEST' and t.stanza = f.stanza and t.verdict = 'PASSED' and t.finished_at > f.at
                 order by finished_at limit 1)) later limit 1) remedy on true
            order by f.at desc, f.id
            limit :rows
            """;

    private final JdbcClient jdbc;

    AuditQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Audit report(@Nullable String stanza, Instant from, Instant to) {
        List<Audit.OfStanza> stanzas = in(FIGURES, stanza, from, to)
                .query((rows, number) -> figures(new Row(rows)))
                .list();
        List<Audit.FailureAndRemedy> failures = in(FAILURES, stanza, from, to)
                .param("rows", Audit.MOST)
                .query((rows, number) -> failure(new Row(rows)))
                .list();
        return Audit.of(from, to, stanzas, failures);
    }

    private JdbcClient.StatementSpec in(String sql, @Nullable String stanza, Instant from, Instant to) {
        return jdbc.sql(sql)
                .param("stanza", stanza)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to));
    }

    private static Audit.OfStanza figures(Row row) throws SQLException {
        return new Audit.OfStanza(
                row.needed("stanza"),
                new Audit.Figures(
                        row.big("backups"),
                        row.big("backups_tested"),
                        row.big("backups_proven"),
                        row.big("backups_disproven"),
                        row.big("runs_failed"),
                        row.big("tests_passed"),
                        row.big("tests_failed"),
                        row.big("tests_inconclusive"),
                        row.big("slots"),
                        row.big("slots_missed"),
                        row.big("slots_skipped")));
    }

    private static Audit.FailureAndRemedy failure(Row row) throws SQLException {
        return new Audit.FailureAndRemedy(
                row.needed("kind"),
                row.neededUuid("id"),
                row.needed("stanza"),
                row.neededInstant("at"),
                row.needed("message"),
                row.uuid("remedy_id"),
                row.instant("remedy_at"));
    }
}
