package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Failure;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Period;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.StoryLine;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Requests and their stories. */
final class RequestQueries {

    private static final String REQUESTS = """
            select request_id, stanza, kind, state, requested, started, completed, failed, rejected, unserved, cancel,
                   progress, test_id, test_verdict, asked_at
            from requests
            """;

    /** Heartbeats are no part of a story: they say nothing that its end does not. */
    private static final String STORY = """
            select type, occurred_at, recorded_at, event_id, payload - 'evidence' as payload
            from events
            where known and type not in ('BackupProgressed', 'RestoreTestProgressed') and (%s)
            order by occurred_at, seq
            limit 1000
            """;

    /** What a request waits for that the scheduler holds back: it is not in the log yet, but where its place in the queue is. */
    private static final String QUEUED = """
            select stanza, payload
            from events
            where known and type = 'RequestQueued' and request_id = :requestId
              and not exists (select from events where known and type = 'SlotConcluded' and request_id = :requestId)
            order by seq desc
            limit 1
            """;

    private final JdbcClient jdbc;

    RequestQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Listing<Request> list(@Nullable String stanza, @Nullable String state, Period asked, PageWish page) {
        Conditions conditions = new Conditions()
                .and("stanza = :stanza", "stanza", stanza)
                .and("state = :state", "state", state)
                .and("asked_at >= :from", "from", asked.from())
                .and("asked_at < :to", "to", asked.to())
                .before("asked_at, request_id", Cursor.of(page.cursor()), "::uuid");
        return new Listing<>(
                jdbc.sql(REQUESTS + conditions.where() + " order by asked_at desc, request_id desc limit :rows")
                        .params(conditions.parameters())
                        .param("rows", page.limit() + 1)
                        .query((rows, number) -> listed(new Row(rows)))
                        .list());
    }

    private static Listing.Listed<Request> listed(Row row) throws SQLException {
        return new Listing.Listed<>(request(row), new Cursor(row.neededInstant("asked_at"), row.needed("request_id")));
    }

    /** With its story. */
    Optional<Request> byId(UUID requestId) {
        return jdbc.sql(REQUESTS + "where request_id = :requestId")
                .param("requestId", requestId)
                .query((rows, number) -> request(new Row(rows)))
                .optional()
                .or(() -> queued(requestId))
                .map(request -> request.with(story(request)));
    }

    private Optional<Request> queued(UUID requestId) {
        return jdbc.sql(QUEUED)
                .param("requestId", requestId)
                .query((rows, number) -> queued(requestId, new Row(rows)))
                .optional();
    }

    private static Request queued(UUID requestId, Row row) throws SQLException {
        Fact place = row.fact("payload");
        return new Request(
                requestId,
                row.text("stanza"),
                place.text("kind", "BACKUP"),
                "QUEUED",
                null,
                place.text("schedule") == null ? null : "SCHEDULE",
                null,
                null,
                null,
                null,
                place.instant("notAfter"),
                place.text("schedule"),
                null,
                false,
                null,
                null,
                place.uuid("testId"),
                null,
                null,
                null,
                new Request.Queued(
                        place.text("cause", "UNKNOWN"),
                        place.text("detail", ""),
                        place.text("pool"),
                        place.integer("waiting", 0),
                        place.instant("since", Instant.EPOCH)),
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
        Fact asked = row.fact("requested");
        Fact completed = row.fact("completed");
        Fact told = asked.or(completed).or(row.fact("failed")).or(row.fact("rejected"));
        Fact requester = told.inner("requestedBy");
        return new Request(
                row.neededUuid("request_id"),
                row.text("stanza"),
                row.needed("kind"),
                row.needed("state"),
                typeOf(asked, row.fact("started").or(completed).or(row.fact("failed"))),
                told.text("origin"),
                requester.text("principal"),
                requester.text("established"),
                told.text("reason"),
                asked.instant("occurredAt"),
                asked.instant("notAfter"),
                asked.text("schedule"),
                asked.uuid("retryOf"),
                row.fact("cancel").exists(),
                completed.or(row.fact("started")).or(asked).integer("repository"),
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
