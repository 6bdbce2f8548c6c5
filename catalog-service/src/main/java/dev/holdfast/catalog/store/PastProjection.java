package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Past;
import java.sql.Timestamp;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The projection as it would be had the log ended at a past instant: the events up to it, folded into temporary tables that stand before the
 * real ones. It lives in the caller's transaction, which must end with a rollback; then nothing of it is left.
 */
final class PastProjection {

    /** Folding so many takes a few seconds. */
    private static final int MOST_EVENTS = 50_000;

    private static final List<String> TABLES = List.of(
            "requests",
            "backup_sets",
            "restore_tests",
            "queue",
            "stanzas",
            "policies",
            "slots",
            "objectives",
            "proof_coverage",
            "repositories",
            "restore_points",
            "runners");

    private static final String COLUMNS =
            "type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload";

    /** Of looks, heartbeats and announcements only the last counts, and they are the most there is. */
    private static final String STAGE = """
            insert into stage (%1$s)
            with past as not materialized (
              select * from %2$s.events
              where known and recorded_at <= :instant
                and (:stanza::text is null or stanza = :stanza or type = 'RunnerAnnounced'))
            select %1$s from past
            where type not in ('RepositoryObserved', 'BackupProgressed', 'RestoreTestProgressed', 'RunnerAnnounced')
            union all
            (select distinct on (stanza, payload ->> 'repository') %1$s from past
             where type = 'RepositoryObserved'
             order by stanza, payload ->> 'repository', partition desc, log_offset desc)
            union all
            (select distinct on (type, request_id, test_id, payload ->> 'service', payload ->> 'pool', payload ->> 'instance') %1$s
             from past
             where type in ('BackupProgressed', 'RestoreTestProgressed', 'RunnerAnnounced')
             order by type, request_id, test_id, payload ->> 'service', payload ->> 'pool', payload ->> 'instance',
                      occurred_at desc, partition desc, log_offset desc)
            limit :rows
            """.formatted(COLUMNS, Database.SCHEMA);

    private final JdbcTemplate jdbc;
    private final FoldSql sql = new FoldSql();

    PastProjection(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** From here to the end of the transaction every query is answered by the past. */
    void putBeforeThePresent(Past past) {
        refuseWithoutAllEvents();
        jdbc.execute(sql.stage());
        stage(past);
        for (String table : TABLES) {
            jdbc.execute(
                    "create temporary table %1$s (like %2$s.%1$s including all)".formatted(table, Database.SCHEMA));
        }
        jdbc.execute(sql.fold(types()));
        // the story of a request must not go on after the instant; the literal is an Instant's own form
        jdbc.execute("create temporary view events as select * from %s.events where recorded_at <= '%s'"
                .formatted(Database.SCHEMA, past.instant()));
    }

    /** A past that is folded from the later half of its events would be a wrong one. */
    private void refuseWithoutAllEvents() {
        Timestamp since = jdbc.queryForObject("select events_since from projection_status", Timestamp.class);
        if (since != null) {
            throw new BadQuestionException(
                    "a past instant is answered from all raw events, and this catalog keeps those since %s only (catalog.events-kept); ask one that keeps all"
                            .formatted(since.toInstant()));
        }
    }

    private void stage(Past past) {
        int staged = JdbcClient.create(jdbc)
                .sql(STAGE)
                .param("instant", Timestamp.from(past.instant()))
                .param("stanza", past.stanza())
                .param("rows", MOST_EVENTS + 1)
                .update();
        if (staged > MOST_EVENTS) {
            throw new BadQuestionException(
                    "the log had said more than %d things by %s, which is too much for one question; %s"
                            .formatted(
                                    MOST_EVENTS,
                                    past.instant(),
                                    past.stanza() == null
                                            ? "ask about one stanza"
                                            : "ask for /api/v1/events with until="));
        }
    }

    private Set<String> types() {
        return new TreeSet<>(jdbc.queryForList("select distinct type from stage", String.class));
    }
}
