package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Failure;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Period;
import dev.holdfast.catalog.answers.RestoreTest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Restore tests and their evidence. */
final class RestoreTestQueries {

    private static final String TESTS = """
            select test_id, request_id, stanza, label, state, requested, started, completed, unserved, progress, null::jsonb as queued, sort_at
            from restore_tests
            """;

    /** Tests that the scheduler holds back, with a target that it has not told yet. */
    private static final String QUEUE = """
            select id as test_id, request_id, stanza, null::text as label, 'QUEUED' as state, null::jsonb as requested, null::jsonb as started,
                   null::jsonb as completed, null::jsonb as unserved, null::jsonb as progress, queued, queued_recorded as sort_at
            from queue q
            """;

    private static final String ORDER = " order by sort_at desc, test_id desc limit :rows";

    private static final double MILLIS_PER_SECOND = 1000.0;

    private final JdbcClient jdbc;

    RestoreTestQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Listing<RestoreTest> list(
            @Nullable String stanza, @Nullable String label, @Nullable String verdict, Period asked, PageWish page) {
        Cursor cursor = Cursor.of(page.cursor());
        Conditions tests = within("sort_at", stanza, asked)
                .and("label = :label", "label", label)
                .and("verdict = :verdict", "verdict", verdict)
                .before("sort_at, test_id", cursor, "::uuid");
        Conditions queue = within("queued_recorded", stanza, asked)
                .and("kind = 'RESTORE_TEST'")
                .and("not exists (select from restore_tests t where t.test_id = q.id)")
                .before("queued_recorded, id", cursor, "::uuid");
        String some = TESTS + tests.where() + ORDER;
        // what waits has neither a backup nor a verdict
        String sql = label == null && verdict == null
                ? "select * from ((" + some + ") union all (" + QUEUE + queue.where() + ORDER + ")) as all_tests"
                        + ORDER
                : some;
        return new Listing<>(jdbc.sql(sql)
                .params(tests.parameters())
                .params(queue.parameters())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> listed(new Row(rows)))
                .list());
    }

    private static Conditions within(String time, @Nullable String stanza, Period asked) {
        return new Conditions()
                .and("stanza = :stanza", "stanza", stanza)
                .and(time + " >= :from", "from", asked.from())
                .and(time + " < :to", "to", asked.to());
    }

    private static Listing.Listed<RestoreTest> listed(Row row) throws SQLException {
        return new Listing.Listed<>(test(row), new Cursor(row.neededInstant("sort_at"), row.needed("test_id")));
    }

    Optional<RestoreTest> byId(UUID testId) {
        return one(TESTS + "where test_id = :testId", testId)
                .or(() -> one(QUEUE + "where id = :testId and kind = 'RESTORE_TEST'", testId));
    }

    private Optional<RestoreTest> one(String sql, UUID testId) {
        return jdbc.sql(sql)
                .param("testId", testId)
                .query((rows, number) -> test(new Row(rows)))
                .optional();
    }

    Optional<String> evidence(UUID testId) {
        return jdbc.sql("""
                        select payload ->> 'evidence'
                        from events
                        where event_id = (select completed_event from restore_tests where test_id = :testId)
                          and payload ->> 'evidence' <> ''
                        """).param("testId", testId).query(String.class).optional();
    }

    /** Of the newest, and not of each the whole: an estimate is made of many. */
    List<Double> secondsUntilReady(String stanza, int most) {
        return jdbc.sql("""
                        select millis / 1000.0
                        from (
                          select (completed ->> 'readyMillis')::float8 as millis
                          from restore_tests
                          where stanza = :stanza and verdict = 'PASSED'
                          order by sort_at desc, test_id desc limit :most) as newest
                        where millis is not null
                        """)
                .param("stanza", stanza)
                .param("most", most)
                .query(Double.class)
                .list();
    }

    private static RestoreTest test(Row row) throws SQLException {
        Fact asked = row.fact("requested");
        Fact started = row.fact("started");
        Fact done = row.fact("completed");
        Fact told = done.or(asked);
        UUID testId = row.neededUuid("test_id");
        return new RestoreTest(
                testId,
                row.uuid("request_id"),
                row.text("stanza"),
                row.text("label"),
                told.integer("repository"),
                row.needed("state"),
                done.text("verdict"),
                done.text("reason"),
                done.text("reasonCode"),
                done.text("rung"),
                done.or(started).or(asked).raw("target"),
                done.raw("reached"),
                done.list("checks").stream().map(RestoreTestQueries::check).toList(),
                done.texts("chain"),
                done.text("chainShape"),
                timings(done, started),
                done.big("bytesRestored"),
                done.big("dataLossSeconds"),
                done.raw("isolation"),
                versions(done, started),
                evidence(testId, done),
                told.text("origin"),
                told.inner("requestedBy").text("principal"),
                asked.text("reason"),
                failure(row),
                RunFacts.progress(row.fact("progress")),
                RunFacts.queued(row.fact("queued")));
    }

    private static RestoreTest.Check check(Fact check) {
        return new RestoreTest.Check(
                check.text("name", ""),
                check.text("outcome", "NOT_RUN"),
                check.big("millis", 0) / MILLIS_PER_SECOND,
                check.text("detail", ""));
    }

    private static RestoreTest.Timings timings(Fact done, Fact started) {
        Instant from = done.exists() ? done.instant("startedAt") : started.instant("occurredAt");
        Instant to = done.instant("finishedAt");
        return new RestoreTest.Timings(
                from,
                to,
                from == null || to == null
                        ? null
                        : Double.valueOf(Duration.between(from, to).toMillis() / MILLIS_PER_SECOND),
                done.seconds("fetchMillis"),
                done.seconds("restoreMillis"),
                done.seconds("replayMillis"),
                done.seconds("readyMillis"));
    }

    private static Map<String, String> versions(Fact done, Fact started) {
        Map<String, String> versions = new HashMap<>();
        put(versions, "postgresql", done.text("postgresqlVersion"));
        put(versions, "pgbackrest", done.text("pgbackrestVersion"));
        put(versions, "sandbox", done.or(started).text("sandbox"));
        put(versions, "image", done.text("imageDigest"));
        return versions;
    }

    private static void put(Map<String, String> versions, String name, @Nullable String version) {
        if (version != null) {
            versions.put(name, version);
        }
    }

    private static RestoreTest.@Nullable Evidence evidence(UUID testId, Fact done) {
        String sha256 = done.text("evidenceSha256", "");
        return sha256.isEmpty()
                ? null
                : new RestoreTest.Evidence(sha256, "/api/v1/restore-tests/" + testId + "/evidence");
    }

    private static @Nullable Failure failure(Row row) throws SQLException {
        return switch (row.needed("state")) {
            case "UNSERVED", "LOST" -> RunFacts.failure(row.fact("unserved"));
            default -> null;
        };
    }
}
