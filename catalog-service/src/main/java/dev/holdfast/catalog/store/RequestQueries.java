package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Failure;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Period;
import dev.holdfast.catalog.answers.Queued;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.StoryLine;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Requests and their stories. */
final class RequestQueries {

    private static final String REQUESTS = """
            select request_id, stanza, kind, state, requested, started, completed, failed, rejected, unserved, cancel,
                   progress, test_id, test_verdict, null::jsonb as queued, asked_at
            from requests
            """;

    /** What the scheduler holds back: it is not in the log yet, but where its place in the queue is. A proof that waits for its turn is no request of its own. */
    private static final String QUEUE = """
            select request_id, stanza, kind, 'QUEUED' as state, null::jsonb as requested, null::jsonb as started, null::jsonb as completed,
                   null::jsonb as failed, null::jsonb as rejected, null::jsonb as unserved, null::jsonb as cancel,
                   null::jsonb as progress, (queued ->> 'testId')::uuid as test_id, null::text as test_verdict, queued, queued_recorded as asked_at
            from queue q
            """;

    private static final String NOT_ASKED_YET = "not exists (select from requests r where r.request_id = q.request_id)";

    private static final String ORDER = " order by asked_at desc, request_id desc limit :rows";

    /** Heartbeats are no part of a story: they say nothing that its end does not. */
    private static final String STORY = """
            select type, occurred_at, recorded_at, event_id, payload - 'evidence' as payload
            from events
            where known and type not in ('BackupProgressed', 'RestoreTestProgressed') and (%s)
            order by occurred_at, seq
            limit 1000
            """;

    /** What had a place in the queue and was never asked for: its slot, if it had one, says why. */
    private static final String GIVEN_UP = """
            select e.request_id, e.stanza, e.payload as queued,
                   case when r.cancel is null and s.outcome = 'MISSED' then 'UNSERVED' else 'CANCELLED' end as state,
                   coalesce(s.outcome, 'CANCELLED') as outcome, coalesce(s.concluded ->> 'reason', '') as why, r.cancel is not null as cancel_wanted
            from events e
            left join slots s on s.stanza = e.stanza and s.kind = e.payload ->> 'kind' and s.schedule = e.payload ->> 'schedule'
              and s.slot = (e.payload ->> 'slot')::timestamptz
            left join requests r on r.request_id = e.request_id
            where e.known and e.type = 'RequestQueued' and e.request_id = :requestId and (s.slot is not null or r.cancel is not null)
            order by e.seq desc
            limit 1
            """;

    private final JdbcClient jdbc;

    RequestQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Listing<Request> list(@Nullable String stanza, @Nullable String state, Period asked, PageWish page) {
        Cursor cursor = Cursor.of(page.cursor());
        // of what nothing but the wish to stop it is known, nobody knows the stanza
        Conditions requests = within("asked_at", stanza, asked, cursor)
                .and("stanza is not null")
                .and("state = :state", "state", state);
        Conditions queue = within("queued_recorded", stanza, asked, cursor).and(NOT_ASKED_YET);
        return new Listing<>(jdbc.sql(sql(state, REQUESTS + requests.where() + ORDER, QUEUE + queue.where() + ORDER))
                .params(requests.parameters())
                .params(queue.parameters())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> listed(new Row(rows)))
                .list());
    }

    private static Conditions within(String time, @Nullable String stanza, Period asked, @Nullable Cursor cursor) {
        return new Conditions()
                .and("stanza = :stanza", "stanza", stanza)
                .and(time + " >= :from", "from", asked.from())
                .and(time + " < :to", "to", asked.to())
                .before(time + ", request_id", cursor, "::uuid");
    }

    /** Those that wait have one state, and no others have it. */
    private static String sql(@Nullable String state, String requests, String queue) {
        if (state == null) {
            return "select * from ((" + requests + ") union all (" + queue + ")) as all_requests" + ORDER;
        }
        return state.equals(Request.QUEUED) ? queue : requests;
    }

    private static Listing.Listed<Request> listed(Row row) throws SQLException {
        return new Listing.Listed<>(request(row), new Cursor(row.neededInstant("asked_at"), row.needed("request_id")));
    }

    /** With its story. */
    Optional<Request> byId(UUID requestId) {
        Optional<Request> known = one(REQUESTS + "where request_id = :requestId", requestId);
        return known.filter(request -> request.stanza() != null)
                .or(() -> one(QUEUE + "where request_id = :requestId limit 1", requestId))
                .or(() -> givenUp(requestId))
                .or(() -> known)
                .map(request -> request.with(story(request)));
    }

    private Optional<Request> one(String sql, UUID requestId) {
        return jdbc.sql(sql)
                .param("requestId", requestId)
                .query((rows, number) -> request(new Row(rows)))
                .optional();
    }

    private Optional<Request> givenUp(UUID requestId) {
        return jdbc.sql(GIVEN_UP)
                .param("requestId", requestId)
                .query((rows, number) -> givenUp(new Row(rows)))
                .optional();
    }

    private static Request givenUp(Row row) throws SQLException {
        String why = row.needed("why");
        return heldBack(
                row,
                row.flag("cancel_wanted"),
                new Failure(
                        row.needed("outcome"),
                        why.isEmpty() ? "it was called off while it waited for a free place" : why,
                        "",
                        null,
                        null,
                        ""),
                null);
    }

    private static Request heldBack(Row row, boolean cancelWanted, @Nullable Failure failure, @Nullable Queued queued)
            throws SQLException {
        Fact place = row.fact("queued");
        return new Request(
                row.neededUuid("request_id"),
                row.text("stanza"),
                place.text("kind", "BACKUP"),
                row.needed("state"),
                null,
                place.text("schedule") == null ? null : "SCHEDULE",
                null,
                null,
                null,
                null,
                place.instant("notAfter"),
                place.text("schedule"),
                null,
                cancelWanted,
                null,
                null,
                place.uuid("testId"),
                null,
                failure,
                null,
                queued,
                List.of());
    }

    private List<StoryLine> story(Request request) {
        // a backup's later fate has no request id where the runner did not know it
        return jdbc.sql(
                        STORY.formatted(
                                "request_id = :requestId or (stanza = :stanza and label = :label and type in ('BackupExpired', 'BackupVanished', 'RestorePointCreated'))"))
                .param("requestId", request.requestId())
                .param("stanza", request.stanza())
                .param("label", request.label())
                .query((rows, number) -> line(new Row(rows)))
                .list();
    }

    List<StoryLine> ofBackup(String stanza, String label) {
        return jdbc.sql(STORY.formatted("""
                        (stanza = :stanza and label = :label)
                        or request_id in (
                          select request_id from backup_sets
                          where stanza = :stanza and label = :label and request_id is not null)"""))
                .param("stanza", stanza)
                .param("label", label)
                .query((rows, number) -> line(new Row(rows)))
                .list();
    }

    private static StoryLine line(Row row) throws SQLException {
        Fact event = row.fact("payload");
        return new StoryLine(
                row.needed("type"),
                row.neededInstant("occurred_at"),
                row.neededInstant("recorded_at"),
                event.inner("producer").json(),
                row.neededUuid("event_id"),
                event.text("traceparent"),
                event.json());
    }

    private static Request request(Row row) throws SQLException {
        if (row.needed("state").equals(Request.QUEUED)) {
            return heldBack(row, false, null, RunFacts.queued(row.fact("queued")));
        }
        Fact asked = row.fact("requested");
        Fact started = row.fact("started");
        Fact completed = row.fact("completed");
        Fact failed = row.fact("failed");
        Fact told = asked.or(completed).or(failed).or(row.fact("rejected"));
        Fact requester = told.inner("requestedBy");
        return new Request(
                row.neededUuid("request_id"),
                row.text("stanza"),
                row.needed("kind"),
                row.needed("state"),
                typeOf(asked, started.or(completed).or(failed)),
                told.text("origin"),
                requester.text("principal"),
                requester.text("established"),
                told.text("reason"),
                asked.instant("occurredAt"),
                asked.instant("notAfter"),
                asked.text("schedule"),
                asked.uuid("retryOf"),
                row.fact("cancel").exists(),
                completed.or(started).or(asked).integer("repository"),
                completed.exists() ? completed.text("label") : asked.text("backupLabel"),
                row.uuid("test_id"),
                row.text("test_verdict"),
                failure(row),
                RunFacts.progress(row.fact("progress")),
                null,
                List.of());
    }

    private static @Nullable String typeOf(Fact asked, Fact run) {
        return asked.text("type") == null ? run.text("requestedType") : asked.text("type");
    }

    private static @Nullable Failure failure(Row row) throws SQLException {
        return switch (row.needed("state")) {
            case "FAILED", "CANCELLED", "REJECTED" ->
                RunFacts.failure(row.fact("failed").or(row.fact("rejected")));
            case "UNSERVED", "LOST" -> RunFacts.failure(row.fact("unserved"));
            default -> null;
        };
    }
}
