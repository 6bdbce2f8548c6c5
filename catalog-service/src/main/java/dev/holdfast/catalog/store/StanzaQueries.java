package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Proof;
import dev.holdfast.catalog.answers.Stanza;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stanzas, each put together from the tables that know something of it. */
final class StanzaQueries {

    /**
     * What is small or rare is joined as a whole; each stanza itself is looked up only in what grows with time, by an index. Of facts only the fields that an
     * answer shows leave the database: a runner's announcement names all that it serves, and would come once for each of them.
     */
    private static final String STANZAS = """
            with page as materialized (
              select stanza from stanzas s where %s order by stanza limit :rows),
            serving as (
              select served.stanza,
                     jsonb_agg(jsonb_build_object('service', service, 'pool', pool, 'instance', instance, 'occurredAt', announced -> 'occurredAt')
                               order by service, pool, instance) as announced
              from runners, lateral jsonb_array_elements_text(announced -> 'stanzas') as served(stanza)
              where served.stanza in (select stanza from page)
              group by served.stanza),
            looks as (
              select stanza, jsonb_agg(observed order by repository) as observed
              from repositories where stanza in (select stanza from page) group by stanza),
            judgements as (
              select stanza, jsonb_agg(judged || jsonb_build_object('met', met) order by objective) as judged
              from objectives where stanza in (select stanza from page) group by stanza),
            waits as (
              select stanza, count(*) as queued from queue where stanza in (select stanza from page) group by stanza),
            runs as (
              select stanza, count(*) as running
              from requests where state = 'RUNNING' and completed is null and run_at is not null group by stanza)
            select s.stanza,
                   b.label, b.type, b.status, b.repository, b.finished_at,
                   b.proof_verdict, b.proof_rung, b.proof_test_id, b.proof_at,
                   t.test_id, t.finished_at as tested_at, t.verdict as test_verdict, t.rung as test_rung, t.label as test_label,
                   p.policy,
                   looks.observed,
                   judgements.judged,
                   serving.announced,
                   v.missing,
                   f.request_id as failed_request, f.state as failed_state, f.word as failed_word,
                   coalesce(runs.running, 0) as running, coalesce(waits.queued, 0) as queued
            from page s
            left join lateral (
              select label, type, status, repository, finished_at, proof_verdict, proof_rung, proof_test_id, proof_at
              from backup_sets b
              where b.stanza = s.stanza and b.is_known and b.status in ('COMPLETE', 'COMPLETE_WITH_ERRORS')
              order by b.finished_at desc, b.repository limit 1) b on true
            left join lateral (
              select test_id, finished_at, completed ->> 'verdict' as verdict, completed ->> 'rung' as rung, completed ->> 'label' as label
              from (
                (select 1 as rank, completed, test_id, finished_at from restore_tests t
                 where t.stanza = s.stanza and t.verdict in ('PASSED', 'FAILED') order by t.finished_at desc limit 1)
                union all
                (select 0 as rank, completed, test_id, finished_at from restore_tests t
                 where t.stanza = s.stanza and t.verdict is not null order by t.finished_at desc limit 1)) tests
              order by rank desc limit 1) t on true
            left join policies p on p.stanza = s.stanza
            left join looks on looks.stanza = s.stanza
            left join judgements on judgements.stanza = s.stanza
            left join serving on serving.stanza = s.stanza
            left join runs on runs.stanza = s.stanza
            left join waits on waits.stanza = s.stanza
            left join lateral (
              select jsonb_agg(vanished order by vanished_position desc) as missing
              from (select vanished, vanished_position from backup_sets g
                    where g.stanza = s.stanza and g.is_known and g.status = 'VANISHED'
                    order by vanished_position desc limit 5) gone) v on true
            left join lateral (
              select request_id, state, coalesce(failed, unserved) as word
              from requests q
              where q.stanza = s.stanza and q.kind = 'BACKUP' and q.state in ('FAILED', 'LOST', 'UNSERVED')
              order by asked_at desc limit 1) f on true
            order by s.stanza
            """;

    /** Names of segments sort as their places in the WAL do. */
    private static final String WITHOUT_VALID_BACKUP = """
            not exists (
              select from backup_sets b
              where b.stanza = s.stanza and b.is_known and b.status = 'COMPLETE' and b.finished_at >= :since
                and coalesce(b.proof_verdict, '') <> 'FAILED'
                and not exists (
                  select from repositories r, lateral jsonb_array_elements(r.observed -> 'gaps') as gap(fact)
                  where r.stanza = b.stanza and r.repository = b.repository
                    and gap.fact ->> 'first' <= b.completed ->> 'walStop' and gap.fact ->> 'last' >= b.completed ->> 'walStart'))
            """;

    private static final Map<String, String> OBJECTIVE_NAMES =
            Map.of("BACKUP_AGE", "backupAge", "PROOF_AGE", "proofAge", "RPO", "rpo", "RTO", "rto");

    private final JdbcClient jdbc;
    private final StanzaChanges changes;

    StanzaQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.changes = new StanzaChanges(jdbc);
    }

    /** By name, with one more than the page holds. */
    Page<Stanza> list(PageWish page, AsOf asOf) {
        return list(page, asOf, jdbc.sql(STANZAS.formatted("s.stanza > :after")));
    }

    /** What there is to know of a page, by and by. */
    FleetPages.Fleet fleet(PageWish wish, AsOf asOf) {
        return new FleetPages.Fleet() {
            @Override
            public Page<Stanza> page() {
                return list(wish, asOf);
            }

            @Override
            public Optional<StanzaChanges.Changed> changedAfter(long event) {
                return changes.after(event);
            }

            @Override
            public List<Stanza> among(Collection<String> names, @Nullable String last) {
                return jdbc.sql(
                                STANZAS.formatted(
                                        "s.stanza in (:names) and s.stanza > :after and (:last::text is null or s.stanza <= :last)"))
                        .param("names", names)
                        .param("after", wish.cursor() == null ? "" : wish.cursor())
                        .param("last", last)
                        .param("rows", names.size())
                        .query((rows, number) -> stanza(new Row(rows)))
                        .list();
            }
        };
    }

    /** The same, of those without a valid backup that ended at the instant or later. */
    Page<Stanza> withoutValidBackup(Instant since, PageWish page, AsOf asOf) {
        return list(
                page,
                asOf,
                jdbc.sql(STANZAS.formatted("s.stanza > :after and " + WITHOUT_VALID_BACKUP))
                        .param("since", Timestamp.from(since)));
    }

    private static Page<Stanza> list(PageWish page, AsOf asOf, JdbcClient.StatementSpec question) {
        List<Stanza> stanzas = question.param("after", page.cursor() == null ? "" : page.cursor())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> stanza(new Row(rows)))
                .list();
        boolean last = stanzas.size() <= page.limit();
        List<Stanza> shown = last ? stanzas : stanzas.subList(0, page.limit());
        return new Page<>(shown, last ? null : shown.getLast().stanza(), asOf);
    }

    Optional<Stanza> byName(String stanza) {
        return jdbc.sql(STANZAS.formatted("s.stanza = :stanza"))
                .param("stanza", stanza)
                .param("rows", 1)
                .query((rows, number) -> stanza(new Row(rows)))
                .optional();
    }

    private static Stanza stanza(Row row) throws SQLException {
        List<Fact> observed = row.fact("observed").elements();
        return new Stanza(
                row.needed("stanza"),
                lastBackup(row),
                lastProof(row),
                window(observed),
                observed.stream()
                        .map(look -> look.instant("occurredAt", Instant.EPOCH))
                        .max(Instant::compareTo)
                        .orElse(null),
                observed.stream().map(StanzaQueries::repository).toList(),
                row.fact("judged").elements().stream()
                        .map(StanzaQueries::objective)
                        .toList(),
                policy(row.fact("policy")),
                row.fact("announced").elements().stream()
                        .map(StanzaQueries::server)
                        .toList(),
                row.integer("running"),
                row.integer("queued"),
                row.fact("missing").elements().stream()
                        .map(StanzaQueries::missing)
                        .toList(),
                lastFailure(row));
    }

    private static Stanza.Missing missing(Fact vanished) {
        return new Stanza.Missing(
                vanished.text("label", ""),
                vanished.integer("repository", 1),
                vanished.instant("occurredAt", Instant.EPOCH));
    }

    /** A failure from before the newest set is history: the next request did better. */
    private static Stanza.@Nullable FailedRequest lastFailure(Row row) throws SQLException {
        Fact word = row.fact("failed_word");
        Instant at = word.instant("occurredAt");
        Instant made = row.instant("finished_at");
        if (at == null || (made != null && !at.isAfter(made))) {
            return null;
        }
        return new Stanza.FailedRequest(
                row.neededUuid("failed_request"),
                row.needed("failed_state"),
                at,
                word.text("message", word.text("detail", "")));
    }

    private static Stanza.@Nullable LastBackup lastBackup(Row row) throws SQLException {
        String label = row.text("label");
        if (label == null) {
            return null;
        }
        String verdict = row.text("proof_verdict");
        Proof proof = verdict == null
                ? null
                : new Proof(
                        verdict,
                        row.needed("proof_rung"),
                        row.neededUuid("proof_test_id"),
                        row.neededInstant("proof_at"),
                        label);
        return new Stanza.LastBackup(
                label,
                row.text("type"),
                row.neededInstant("finished_at"),
                row.needed("status"),
                row.integer("repository"),
                proof);
    }

    private static @Nullable Proof lastProof(Row row) throws SQLException {
        String verdict = row.text("test_verdict");
        String rung = row.text("test_rung");
        return verdict == null
                ? null
                : new Proof(
                        verdict,
                        rung == null ? "UNKNOWN" : rung,
                        row.neededUuid("test_id"),
                        row.neededInstant("tested_at"),
                        row.text("test_label"));
    }

    private static List<Stanza.Span> window(List<Fact> observed) {
        List<Stanza.Span> spans = new ArrayList<>();
        for (Fact look : observed) {
            for (Fact span : look.list("windows")) {
                spans.add(new Stanza.Span(
                        span.instant("from", Instant.EPOCH),
                        span.instant("to", Instant.EPOCH),
                        look.integer("repository", 1),
                        span.text("backupLabel", ""),
                        span.text("walFrom", ""),
                        span.text("walTo", ""),
                        span.integer("timeline", 1)));
            }
        }
        return spans;
    }

    private static Stanza.Repository repository(Fact look) {
        return new Stanza.Repository(
                look.integer("repository", 1),
                look.instant("occurredAt", Instant.EPOCH),
                look.text("statusMessage", ""),
                look.integer("statusCode", -1) == 0,
                look.text("archiveMin"),
                look.text("archiveMax"),
                look.big("archiverLagSeconds"),
                look.big("repositoryBytes"),
                look.list("gaps").stream().map(StanzaQueries::gap).toList(),
                look.integers("foreignTimelines"),
                look.map("retention"),
                archiver(look.inner("archiver")));
    }

    /** A runner that does not ask the cluster says nothing of it. */
    private static Stanza.@Nullable Archiver archiver(Fact said) {
        return said.text("archived") == null
                ? null
                : new Stanza.Archiver(
                        said.big("archived", 0),
                        said.instant("lastArchivedAt"),
                        said.big("failed", 0),
                        said.text("lastFailed"),
                        said.instant("lastFailedAt"),
                        said.flag("failing"));
    }

    private static Stanza.Gap gap(Fact gap) {
        return new Stanza.Gap(
                gap.text("archiveId", ""),
                gap.integer("timeline", 0),
                gap.text("first", ""),
                gap.text("last", ""),
                gap.big("segments", 0));
    }

    private static Stanza.Objective objective(Fact judged) {
        String name = judged.text("objective", "UNKNOWN");
        return new Stanza.Objective(
                OBJECTIVE_NAMES.getOrDefault(name, name.toLowerCase(Locale.ROOT)),
                judged.flag("met"),
                judged.duration("valueSeconds"),
                Duration.ofSeconds(judged.big("limitSeconds", 0)),
                judged.instant("since", Instant.EPOCH),
                judged.text("detail", ""));
    }

    private static Stanza.@Nullable PolicyInForce policy(Fact policy) {
        if (!"IN_FORCE".equals(policy.text("state"))) {
            return null;
        }
        Fact definition = policy.inner("definition");
        Fact pause = policy.inner("pause");
        return new Stanza.PolicyInForce(
                policy.integer("version", 0),
                policy.text("digest", ""),
                definition.text("timezone", "UTC"),
                definition.list("backups").size()
                        + definition.list("restoreTests").size(),
                pause.inner("by").text("principal"),
                pause.text("reason"));
    }

    private static Stanza.Server server(Fact announced) {
        return new Stanza.Server(
                announced.text("service", ""),
                announced.text("pool", ""),
                announced.text("instance", ""),
                announced.instant("occurredAt", Instant.EPOCH));
    }
}
