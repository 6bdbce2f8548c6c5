package dev.holdfast.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Past;
import dev.holdfast.catalog.answers.RawEvent;
import dev.holdfast.catalog.history.JsonText;
import dev.holdfast.catalog.history.LogPosition;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.testsupport.PostgresCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The table of events in months: made in time, filled from what was there before, and let go. */
class EventMonthsIT {

    private static final PostgresCluster CLUSTER = PostgresCluster.started();
    private static final List<HikariDataSource> POOLS = new ArrayList<>();
    private static final String CONTENT =
            "select md5(string_agg(to_jsonb(e)::text, '' order by event_id)) from holdfast.events e";

    private static final String FORMER_EVENTS = """
            insert into holdfast.events (event_id, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, payload)
            select gen_random_uuid(), 'FromTheFuture', false, 'topic', 0, n, now(), now() - n * interval '7 hours', 'former', jsonb_build_object('n', n)
            from generate_series(1, 2000) n;
            insert into holdfast.events (event_id, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, payload)
            select gen_random_uuid(), 'FromTheFuture', false, 'topic', 0, 2000 + n, now(), now() + n * interval '1 month', 'former', '{}'
            from generate_series(1, 5) n
            """;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    @AfterAll
    static void end() {
        POOLS.forEach(HikariDataSource::close);
        CLUSTER.close();
    }

    @Test
    void whatACatalogHadBeforeThereWereMonthsStaysAndIsNotDoubled() {
        Database database = database("former");
        Flyway.configure()
                .dataSource(CLUSTER.jdbcUrl("former"), PostgresCluster.SUPERUSER, "")
                .schemas(Database.SCHEMA)
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
        sql("former", FORMER_EVENTS);
        PostgresCatalog catalog = catalog(database);
        String before = number("former", CONTENT);
        String order = number("former", "select string_agg(event_id::text, ',' order by seq) from holdfast.events");

        try (ProjectionStore.Session session = session(database, Period.ZERO)) {
            assertThat(number("former", CONTENT)).isEqualTo(before);
            assertThat(String.join(",", idsByPages(catalog))).isEqualTo(order);
            session.project(List.of(copyOf("former"), event(now)), Map.of(new Partition("topic", 0), 9_000L));
        }

        assertThat(number("former", "select count(*) from holdfast.events")).isEqualTo("2006");
        assertThat(Long.parseLong(number("former", "select max(seq) from holdfast.events")))
                .isGreaterThan(2005);
    }

    private LogRecord.Event copyOf(String name) {
        String id = number(name, "select event_id from holdfast.events order by occurred_at limit 1");
        String at = number(
                name,
                "select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from holdfast.events where event_id = '%s'"
                        .formatted(id));
        return event(UUID.fromString(id), Instant.parse(at), 8_000);
    }

    @Test
    void eachMonthHasItsPartAndWhatLiesOutsideIsKeptToo() {
        Database database = database("months");
        Instant astray = Instant.parse("1971-01-01T00:00:00Z");
        Instant later = now.plus(Duration.ofDays(200));
        try (ProjectionStore.Session session = session(database, Period.ZERO)) {
            session.project(
                    List.of(event(now), event(now.minus(Duration.ofDays(40))), event(astray), event(later)),
                    Map.of(new Partition("topic", 0), 4L));
            session.report(true);
        }

        assertThat(number("months", "select count(*) from holdfast.events_elsewhen"))
                .isEqualTo("2");
        assertThat(number("months", "select count(*) from holdfast.events")).isEqualTo("4");
        // this month and the next two, before anything lies in them, and the month of 40 days ago
        assertThat(Integer.parseInt(number("months", "select count(*) from holdfast.event_months")))
                .isGreaterThanOrEqualTo(4);
        assertThat(idsByPages(catalog(database))).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void whatCameBeforeItsMonthMovesIntoItOnceTheMonthIsMade() throws SQLException {
        Database database = database("early");
        Instant later = now.plus(Duration.ofDays(200));
        try (ProjectionStore.Session session = session(database, Period.ZERO)) {
            session.project(List.of(event(later)), Map.of(new Partition("topic", 0), 1L));
        }
        assertThat(number("early", "select count(*) from holdfast.events_elsewhen"))
                .isEqualTo("1");
        String seq = number("early", "select seq from holdfast.events");

        try (Connection connection = database.connect(Database.SCHEMA)) {
            new EventMonths(connection, Clock.fixed(later, ZoneOffset.UTC)).makeAhead();
            connection.commit();
        }

        assertThat(number("early", "select count(*) from holdfast.events_elsewhen"))
                .isEqualTo("0");
        assertThat(number("early", "select seq from holdfast.events")).isEqualTo(seq);
    }

    @Test
    void monthsThatNeedNotBeKeptGoAndAPastInstantIsNoLongerAnswered() {
        Database database = database("let_go");
        Instant old =
                OffsetDateTime.now(ZoneOffset.UTC).minusMonths(9).toInstant().truncatedTo(ChronoUnit.MICROS);
        try (ProjectionStore.Session session = session(database, Period.ofMonths(6))) {
            session.project(List.of(event(old), event(now)), Map.of(new Partition("topic", 0), 2L));
            session.report(true);
        }
        PostgresCatalog catalog = catalog(database);

        assertThat(idsByPages(catalog)).hasSize(1);
        assertThatThrownBy(() -> catalog.asOf(new Past(now, null), past -> past.stanza("any")))
                .isInstanceOf(BadQuestionException.class)
                .hasMessageContaining("catalog.events-kept");
    }

    private static Database database(String name) {
        CLUSTER.createDatabase(name);
        return new Database(CLUSTER.jdbcUrl(name), PostgresCluster.SUPERUSER, "");
    }

    private static ProjectionStore.Session session(Database database, Period kept) {
        return new PostgresProjection(database, kept).tryLead().orElseThrow();
    }

    private static PostgresCatalog catalog(Database database) {
        HikariDataSource pool = database.queryPool(Duration.ofSeconds(30));
        POOLS.add(pool);
        return new PostgresCatalog(pool, new JdbcTransactionManager(pool));
    }

    private static List<String> idsByPages(PostgresCatalog catalog) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Page<RawEvent> page = catalog.events(new EventFilter(null, null, null, null), new PageWish(97, cursor));
            page.items().forEach(event -> ids.add(event.eventId().toString()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    private LogRecord.Event event(Instant occurredAt) {
        return event(UUID.randomUUID(), occurredAt, 3_000);
    }

    private LogRecord.Event event(UUID id, Instant occurredAt, long offset) {
        return new LogRecord.Event(
                new LogPosition("topic", 0, offset, now),
                "FromTheFuture",
                false,
                id,
                occurredAt,
                new LogRecord.Subject(Optional.of("former"), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                JsonText.of("{}"));
    }

    private static void sql(String database, String statements) {
        CLUSTER.sqlIn(database, statements);
    }

    private static String number(String database, String query) {
        return CLUSTER.sqlIn(database, query).getFirst();
    }
}
