package dev.holdfast.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.history.JsonText;
import dev.holdfast.catalog.history.LogPosition;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import dev.holdfast.catalog.history.UnfitRecordException;
import dev.holdfast.testsupport.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Raw events and their fold, over two connections: each event counts once, whatever breaks between both. */
class EventKeeperIT {

    private static final PostgresCluster CLUSTER = PostgresCluster.started();
    private static final int BATCH = 50;

    private static final String KEPT =
            "select count(*) || ' events, ' || (select count(*) from holdfast.restore_points) || ' points' from holdfast.events";
    private static final String END_THE_SECOND_CONNECTION = """
            select pg_terminate_backend(pid, 60000) from pg_stat_activity
            where datname = current_database() and application_name = 'holdfast-catalog-projector'
              and pid not in (select pid from pg_locks where locktype = 'advisory')
            """;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    @AfterAll
    static void end() {
        CLUSTER.close();
    }

    @Test
    void eventsThatWereKeptBeforeTheirFoldWasCommittedCountOnce() {
        List<LogRecord> batch = batch(0);
        try (ProjectionStore.Session dying = projection("ahead").tryLead().orElseThrow()) {
            dying.project(batch, next(BATCH));
        }
        // as a crash between both commits leaves it
        CLUSTER.sqlIn("ahead", "truncate holdfast.restore_points, holdfast.stanzas, holdfast.log_offsets");

        try (ProjectionStore.Session successor = led("ahead")) {
            assertThat(successor.nextOffsets()).isEmpty();
            successor.project(batch, next(BATCH));
        }

        assertThat(in("ahead", KEPT)).isEqualTo("50 events, 50 points");
    }

    @Test
    void aCopyFromAnotherPlaceInTheLogIsNeitherKeptNorFolded() {
        List<LogRecord> batch = batch(0);
        try (ProjectionStore.Session session = projection("copies").tryLead().orElseThrow()) {
            session.project(batch, next(BATCH));
            session.project(
                    IntStream.range(0, BATCH)
                            .<LogRecord>mapToObj(number -> moved((LogRecord.Event) batch.get(number), BATCH + number))
                            .toList(),
                    next(2 * BATCH));
        }

        assertThat(in("copies", KEPT)).isEqualTo("50 events, 50 points");
        assertThat(in("copies", "select max(position) from holdfast.restore_points"))
                .isEqualTo("49");
    }

    @Test
    void aValueThatDoesNotFitTakesTheWholeBatchBackOnBothConnections() {
        List<LogRecord> unfit = new ArrayList<>(batch(0));
        unfit.add(event(BATCH, "{\"name\": \"far\"}", Instant.EPOCH.plus(Long.MIN_VALUE, ChronoUnit.MICROS)));
        try (ProjectionStore.Session session = projection("unfit").tryLead().orElseThrow()) {
            assertThatThrownBy(() -> session.project(unfit, next(BATCH + 1))).isInstanceOf(UnfitRecordException.class);
            assertThat(in("unfit", KEPT)).isEqualTo("0 events, 0 points");

            session.project(unfit.subList(0, BATCH), next(BATCH));
        }

        assertThat(in("unfit", KEPT)).isEqualTo("50 events, 50 points");
    }

    @Test
    void aFoldThatIsRefusedTakesItsEventsBack() {
        List<LogRecord> unfit = new ArrayList<>(batch(0));
        // a point without a name is an event, and fills no row
        unfit.add(event(BATCH, "{}", now));
        try (ProjectionStore.Session session = projection("refused").tryLead().orElseThrow()) {
            assertThatThrownBy(() -> session.project(unfit, next(BATCH + 1))).isInstanceOf(UnfitRecordException.class);
        }

        assertThat(in("refused", KEPT)).isEqualTo("0 events, 0 points");
    }

    @Test
    void aSecondConnectionThatBreaksEndsTheSession() {
        try (ProjectionStore.Session session = projection("broken").tryLead().orElseThrow()) {
            session.project(batch(0), next(BATCH));
            CLUSTER.sqlIn("broken", END_THE_SECOND_CONNECTION);

            assertThatThrownBy(() -> session.project(batch(BATCH), next(2 * BATCH)))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(in("broken", KEPT)).isEqualTo("50 events, 50 points");

        try (ProjectionStore.Session successor = led("broken")) {
            successor.project(batch(BATCH), next(2 * BATCH));
        }

        assertThat(in("broken", KEPT)).isEqualTo("100 events, 100 points");
    }

    private List<LogRecord> batch(int from) {
        return IntStream.range(from, from + BATCH)
                .<LogRecord>mapToObj(number -> event(number, "{\"name\": \"point-%d\"}".formatted(number), now))
                .toList();
    }

    private LogRecord.Event event(long offset, String payload, Instant occurredAt) {
        return new LogRecord.Event(
                new LogPosition("topic", 0, offset, now),
                "RestorePointCreated",
                true,
                UUID.randomUUID(),
                occurredAt,
                new LogRecord.Subject(Optional.of("stanza"), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                JsonText.of(payload));
    }

    private static LogRecord.Event moved(LogRecord.Event event, long offset) {
        LogPosition at = event.position();
        return new LogRecord.Event(
                new LogPosition(at.topic(), at.partition(), offset, at.recordedAt()),
                event.type(),
                event.known(),
                event.eventId(),
                event.occurredAt(),
                event.subject(),
                event.traceparent(),
                event.payload());
    }

    private static Map<Partition, Long> next(long offset) {
        return Map.of(new Partition("topic", 0), offset);
    }

    private static PostgresProjection projection(String name) {
        CLUSTER.createDatabase(name);
        return over(name);
    }

    private static PostgresProjection over(String name) {
        return new PostgresProjection(new Database(CLUSTER.jdbcUrl(name), PostgresCluster.SUPERUSER, ""), Period.ZERO);
    }

    /** PostgreSQL ends a session a moment after its connection. */
    private static ProjectionStore.Session led(String name) {
        return Awaitility.await("the lock")
                .atMost(Duration.ofMinutes(2))
                .until(over(name)::tryLead, Optional::isPresent)
                .orElseThrow();
    }

    private static String in(String database, String sql) {
        return CLUSTER.sqlIn(database, sql).getFirst();
    }
}
