package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Missing;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What should be there and is not. */
final class MissingQueries {

    private static final String VANISHED = """
            select stanza, repository, label, vanished from backup_sets
            where status = 'VANISHED' and (:stanza::text is null or stanza = :stanza)
            order by vanished ->> 'occurredAt' desc, stanza, label limit :rows
            """;

    private static final String GAPS = """
            select r.stanza, r.repository, r.observed_at, gap.fact as gap
            from repositories r, lateral jsonb_array_elements(r.observed -> 'gaps') as gap(fact)
            where :stanza::text is null or r.stanza = :stanza
            order by r.stanza, r.repository, gap.fact ->> 'first' limit :rows
            """;

    private static final String TIMELINES = """
            select r.stanza, r.repository, r.observed_at, foreign_one.timeline::int as timeline
            from repositories r, lateral jsonb_array_elements_text(r.observed -> 'foreignTimelines') as foreign_one(timeline)
            where :stanza::text is null or r.stanza = :stanza
            order by r.stanza, r.repository, timeline limit :rows
            """;

    /** A test of its own request has the request's register; one that only proves a backup shares the backup's. */
    private static final String REQUESTS = """
            select request_id, stanza, kind, state, asked_at from requests
            where requested is null and (started is not null or completed is not null or failed is not null or test_verdict is not null)
              and stanza is not null and (:stanza::text is null or stanza = :stanza)
            order by asked_at desc, request_id limit :rows
            """;

    private static final String EVIDENCE = """
            select test_id, stanza, verdict, finished_at from restore_tests
            where verdict in ('PASSED', 'FAILED') and coalesce(completed ->> 'evidenceSha256', '') = ''
              and stanza is not null and (:stanza::text is null or stanza = :stanza)
            order by finished_at desc, test_id limit :rows
            """;

    private static final String UNREADABLE = """
            select topic, partition, log_offset, recorded_at, reason from unreadable_records
            where :until::timestamptz is null or recorded_at <= :until
            order by recorded_at desc, topic, partition, log_offset limit :rows
            """;

    private final JdbcClient jdbc;

    MissingQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param stanza of this one only; records that nobody can read belong to no stanza and are told of all
     * @param until what nobody could read by then; null for by now
     */
    Missing report(@Nullable String stanza, @Nullable Instant until) {
        return Missing.of(
                ofStanza(VANISHED, stanza, MissingQueries::vanished),
                ofStanza(GAPS, stanza, MissingQueries::gap),
                ofStanza(TIMELINES, stanza, MissingQueries::timeline),
                ofStanza(REQUESTS, stanza, MissingQueries::request),
                ofStanza(EVIDENCE, stanza, MissingQueries::test),
                unreadable(until));
    }

    /** Reads one row. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(Row row) throws SQLException;
    }

    private <T> List<T> ofStanza(String sql, @Nullable String stanza, Reading<T> reading) {
        return jdbc.sql(sql)
                .param("stanza", stanza)
                .param("rows", Missing.MOST)
                .query((rows, number) -> reading.of(new Row(rows)))
                .list();
    }

    private List<Missing.UnreadableRecord> unreadable(@Nullable Instant until) {
        return jdbc.sql(UNREADABLE)
                .param("until", until == null ? null : Timestamp.from(until))
                .param("rows", Missing.MOST)
                .query((rows, number) -> record(new Row(rows)))
                .list();
    }

    private static Missing.VanishedBackup vanished(Row row) throws SQLException {
        Fact gone = row.fact("vanished");
        return new Missing.VanishedBackup(
                row.needed("stanza"),
                row.needed("label"),
                row.integer("repository"),
                gone.instant("occurredAt", Instant.EPOCH),
                gone.text("detail", ""));
    }

    private static Missing.WalGap gap(Row row) throws SQLException {
        Fact gap = row.fact("gap");
        return new Missing.WalGap(
                row.needed("stanza"),
                row.integer("repository"),
                gap.text("archiveId", ""),
                gap.integer("timeline", 1),
                gap.text("first", ""),
                gap.text("last", ""),
                gap.big("segments", 0),
                row.neededInstant("observed_at"));
    }

    private static Missing.ForeignTimeline timeline(Row row) throws SQLException {
        return new Missing.ForeignTimeline(
                row.needed("stanza"),
                row.integer("repository"),
                row.integer("timeline"),
                row.neededInstant("observed_at"));
    }

    private static Missing.UnknownRequest request(Row row) throws SQLException {
        return new Missing.UnknownRequest(
                row.neededUuid("request_id"),
                row.needed("stanza"),
                row.needed("kind"),
                row.needed("state"),
                row.neededInstant("asked_at"));
    }

    private static Missing.TestWithoutEvidence test(Row row) throws SQLException {
        return new Missing.TestWithoutEvidence(
                row.neededUuid("test_id"),
                row.needed("stanza"),
                row.needed("verdict"),
                row.neededInstant("finished_at"));
    }

    private static Missing.UnreadableRecord record(Row row) throws SQLException {
        return new Missing.UnreadableRecord(
                row.needed("topic"),
                row.integer("partition"),
                row.big("log_offset"),
                row.neededInstant("recorded_at"),
                row.needed("reason"));
    }
}
