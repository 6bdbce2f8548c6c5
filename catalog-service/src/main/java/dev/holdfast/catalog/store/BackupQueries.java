package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.Failure;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Proof;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sets in repositories, and runs that left none or have not yet, as one list. */
final class BackupQueries {

    /** Sets. */
    private static final String SETS = """
            select sort_at, row_key, stanza, label, repository, type, status, request_id,
                   coalesce(completed, discovered) as fact, null::jsonb as requested, null::jsonb as progress,
                   coalesce(expired, vanished) as gone,
                   proof_test_id, proof_verdict, proof_rung, proof_at
            from backup_sets
            """;

    /** Runs without a set: those that go on, and those that failed. */
    private static final String RUNS = """
            select run_at as sort_at, request_id::text as row_key, stanza, null::text as label,
                   (coalesce(started, failed, requested) ->> 'repository')::int as repository,
                   coalesce(started, failed) ->> 'requestedType' as type,
                   case when failed is null then 'RUNNING' else 'FAILED' end as status, request_id,
                   coalesce(failed, started) as fact, requested, progress,
                   null::jsonb as gone,
                   null::uuid as proof_test_id, null::text as proof_verdict, null::text as proof_rung,
                   null::timestamptz as proof_at
            from requests
            """;

    /** Runs that wait for a free place. Of what kind they are, and who wants them, their requests will say. */
    private static final String QUEUE = """
            select queued_recorded as sort_at, request_id::text as row_key, stanza, null::text as label, null::int as repository,
                   null::text as type, 'QUEUED' as status, request_id,
                   null::jsonb as fact, null::jsonb as requested, null::jsonb as progress,
                   null::jsonb as gone,
                   null::uuid as proof_test_id, null::text as proof_verdict, null::text as proof_rung,
                   null::timestamptz as proof_at
            from queue
            """;

    private static final String ORDER = " order by sort_at desc, row_key desc limit :rows";

    private final JdbcClient jdbc;

    BackupQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Listing<Backup> list(BackupFilter filter, PageWish page) {
        Cursor cursor = Cursor.of(page.cursor());
        Conditions sets = sets(filter).before("sort_at, row_key", cursor, "");
        Conditions runs = runs(filter).before("run_at, request_id::text", cursor, "");
        Conditions queue = queue(filter).before("queued_recorded, request_id::text", cursor, "");
        String sql = "select * from ((" + SETS + sets.where() + ORDER + ") union all (" + RUNS + runs.where() + ORDER
                + ") union all (" + QUEUE + queue.where() + ORDER + ")) as backups" + ORDER;
        return new Listing<>(jdbc.sql(sql)
                .params(sets.parameters())
                .params(runs.parameters())
                .params(queue.parameters())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> listed(new Row(rows)))
                .list());
    }

    private static Conditions sets(BackupFilter filter) {
        Conditions conditions = new Conditions().and("is_known");
        conditions.and("stanza = :stanza", "stanza", filter.stanza());
        conditions.and("type = :type", "type", filter.type());
        conditions.and("status = :outcome", "outcome", filter.outcome());
        conditions.and("sort_at >= :from", "from", filter.from());
        conditions.and("sort_at < :to", "to", filter.to());
        conditions.and("requested_by = :requestedBy", "requestedBy", filter.requestedBy());
        Boolean proven = filter.proven();
        if (proven != null) {
            // as the index has it
            conditions.and(proven ? "proof_verdict = 'PASSED'" : "proof_verdict is distinct from 'PASSED'");
        }
        return conditions;
    }

    private static Conditions runs(BackupFilter filter) {
        Conditions conditions = new Conditions().and("completed is null").and("run_at is not null");
        conditions.and("stanza = :stanza", "stanza", filter.stanza());
        conditions.and("coalesce(started, failed) ->> 'requestedType' = :type", "type", filter.type());
        ofOutcome(conditions, filter.outcome());
        conditions.and("run_at >= :from", "from", filter.from());
        conditions.and("run_at < :to", "to", filter.to());
        conditions.and("requested #>> '{requestedBy,principal}' = :requestedBy", "requestedBy", filter.requestedBy());
        conditions.and("not :proven", "proven", filter.proven());
        return conditions;
    }

    /** As the indexes have it. Of another outcome is no run: to look at each for that takes longer than all the rest. */
    private static void ofOutcome(Conditions runs, @Nullable String outcome) {
        switch (outcome) {
            case null -> {}
            case "RUNNING" -> runs.and("failed is null");
            case "FAILED" -> runs.and("failed is not null");
            default -> runs.and("false");
        }
    }

    private static Conditions queue(BackupFilter filter) {
        Conditions conditions = new Conditions().and("kind = 'BACKUP'");
        conditions.and("stanza = :stanza", "stanza", filter.stanza());
        conditions.and("'QUEUED' = :outcome", "outcome", filter.outcome());
        conditions.and("queued_recorded >= :from", "from", filter.from());
        conditions.and("queued_recorded < :to", "to", filter.to());
        conditions.and("not :proven", "proven", filter.proven());
        return filter.type() == null && filter.requestedBy() == null ? conditions : conditions.and("false");
    }

    /** The sets with this label, by repository. */
    List<Backup> byLabel(String stanza, String label) {
        return jdbc.sql(SETS + "where stanza = :stanza and label = :label and is_known order by repository")
                .param("stanza", stanza)
                .param("label", label)
                .query((rows, number) -> backup(new Row(rows)))
                .list();
    }

    private static Listing.Listed<Backup> listed(Row row) throws SQLException {
        return new Listing.Listed<>(backup(row), new Cursor(row.neededInstant("sort_at"), row.needed("row_key")));
    }

    static Backup backup(Row row) throws SQLException {
        Fact fact = row.fact("fact");
        Fact asked = row.fact("requested").or(fact);
        Fact gone = row.fact("gone");
        String status = row.text("status");
        return new Backup(
                row.needed("stanza"),
                row.text("label"),
                fact.integer("repository") == null && row.text("repository") == null
                        ? null
                        : Integer.valueOf(row.integer("repository")),
                fact.text("requestedType"),
                row.text("type"),
                status == null ? "UNKNOWN" : status,
                asked.text("origin"),
                row.uuid("request_id"),
                asked.inner("requestedBy").text("principal"),
                asked.text("reason"),
                "RUNNING".equals(status) || "FAILED".equals(status)
                        ? row.instant("sort_at")
                        : fact.instant("startedAt"),
                "FAILED".equals(status) ? fact.instant("occurredAt") : fact.instant("finishedAt"),
                isGone(status) ? gone.instant("occurredAt") : null,
                sizes(fact),
                wal(fact),
                new Backup.Chain(fact.text("prior"), fact.texts("references"), fact.text("typeChangeReason")),
                made(fact),
                asked.map("labels"),
                fact.texts("damagedFiles"),
                proof(row),
                failure(status, fact, gone),
                RunFacts.progress(row.fact("progress")));
    }

    private static boolean isGone(@Nullable String status) {
        return "EXPIRED".equals(status) || "VANISHED".equals(status);
    }

    private static Backup.Sizes sizes(Fact fact) {
        return new Backup.Sizes(
                fact.big("databaseBytes"),
                fact.big("deltaBytes"),
                fact.big("repositoryBytes"),
                fact.big("repositoryDeltaBytes"));
    }

    private static Backup.Wal wal(Fact fact) {
        return new Backup.Wal(
                fact.text("walStart"),
                fact.text("walStop"),
                fact.text("lsnStart"),
                fact.text("lsnStop"),
                fact.integer("timeline"));
    }

    private static Backup.Made made(Fact fact) {
        return new Backup.Made(
                fact.text("postgresqlVersion"),
                fact.text("pgbackrestVersion"),
                fact.text("systemId"),
                fact.text("encryption"),
                fact.text("compression"),
                fact.flag("recovered"));
    }

    private static @Nullable Proof proof(Row row) throws SQLException {
        String verdict = row.text("proof_verdict");
        return verdict == null
                ? null
                : new Proof(
                        verdict,
                        row.needed("proof_rung"),
                        row.neededUuid("proof_test_id"),
                        row.neededInstant("proof_at"),
                        row.text("label"));
    }

    private static @Nullable Failure failure(@Nullable String status, Fact fact, Fact gone) {
        return switch (status) {
            case "FAILED" -> RunFacts.failure(fact);
            case "EXPIRED" ->
                new Failure("EXPIRED", "removed by " + gone.text("rule", "retention"), "", null, null, "");
            case "VANISHED" ->
                new Failure(
                        "VANISHED",
                        gone.text("detail", "gone from the repository"),
                        "find out who removed it: no expiry did",
                        null,
                        null,
                        "");
            case null, default -> null;
        };
    }
}
