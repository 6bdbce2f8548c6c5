package dev.holdfast.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.history.LogPosition;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import dev.holdfast.testsupport.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may write, and what a projection that grows goes without. */
class PostgresProjectionIT {

    private static final PostgresCluster CLUSTER = PostgresCluster.started();
    private static final String INDEXES =
            "select string_agg(indexdef, E'\\n' order by indexdef) from pg_indexes where schemaname = 'holdfast'";
    private static final String WANTING =
            "select coalesce(string_agg(distinct owner, ' ' order by owner), 'none') from holdfast.deferred_indexes";
    private static final String LEFT_ALONE =
            "select count(*) from pg_class where relnamespace = 'holdfast'::regnamespace and 'autovacuum_enabled=false' = any (reloptions)";

    @BeforeAll
    static void makeAWholeOne() {
        CLUSTER.createDatabase("whole");
        new Database(CLUSTER.jdbcUrl("whole"), PostgresCluster.SUPERUSER, "").migrate(Database.SCHEMA);
    }

    @AfterAll
    static void end() {
        CLUSTER.close();
    }

    @Test
    void whoCannotMigrateDoesNotKeepTheLock() {
        // somebody else's schema of this name: Flyway refuses to touch it
        PostgresProjection projection = projection("foreign", 1);
        CLUSTER.sqlIn("foreign", "create schema holdfast; create table holdfast.something (id int)");

        assertThatThrownBy(projection::tryLead)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("cannot be used");
        CLUSTER.sqlIn("foreign", "drop schema holdfast cascade");

        // PostgreSQL ends a session a moment after its connection
        Optional<ProjectionStore.Session> session = Awaitility.await("the lock")
                .atMost(Duration.ofMinutes(2))
                .until(projection::tryLead, Optional::isPresent);
        assertThat(projection.tryLead()).isEmpty();
        session.ifPresent(ProjectionStore.Session::close);
    }

    @Test
    void whatGrowsGoesWithoutIndexesForAWhileAndThenHasThemAll() {
        try (ProjectionStore.Session session =
                projection("growing", 2).tryLead().orElseThrow()) {
            session.project(List.of(unreadable(0)), next(1));
            assertThat(in("growing", WANTING)).isEqualTo("backup_sets events queue requests restore_tests slots");
            assertThat(in("growing", LEFT_ALONE)).isNotEqualTo("0");
            assertThat(in("growing", INDEXES)).isNotEqualTo(in("whole", INDEXES));

            session.project(List.of(unreadable(1)), next(2));
            assertThat(in("growing", WANTING)).isEqualTo("events");

            assertThat(session.prepareToServe()).isTrue();
            assertThat(session.prepareToServe()).isFalse();
        }
        assertThatNothingIsWanting("growing");
    }

    @Test
    void indexesThatOneProcessCouldNotFinishAreMadeByItsSuccessor() {
        PostgresProjection projection = projection("broken", Integer.MAX_VALUE);
        try (ProjectionStore.Session session = projection.tryLead().orElseThrow()) {
            session.project(List.of(unreadable(0)), next(1));
            CLUSTER.sqlIn(
                    "broken", "insert into holdfast.deferred_indexes values ('create index on nowhere (x)', 'slots')");
            assertThatThrownBy(session::prepareToServe)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nowhere");
        }
        assertThat(in("broken", LEFT_ALONE)).isNotEqualTo("0");
        CLUSTER.sqlIn("broken", "delete from holdfast.deferred_indexes where definition like '%nowhere%'");

        // PostgreSQL ends a session a moment after its connection
        try (ProjectionStore.Session successor = Awaitility.await("the lock")
                .atMost(Duration.ofMinutes(2))
                .until(projection::tryLead, Optional::isPresent)
                .orElseThrow()) {
            assertThat(successor.prepareToServe()).isTrue();
        }
        assertThatNothingIsWanting("broken");
    }

    private static void assertThatNothingIsWanting(String grown) {
        assertThat(in(grown, WANTING)).isEqualTo("none");
        assertThat(in(grown, LEFT_ALONE)).isEqualTo("0");
        assertThat(in(grown, INDEXES)).isEqualTo(in("whole", INDEXES));
    }

    private static PostgresProjection projection(String name, int mostWithoutIndexes) {
        CLUSTER.createDatabase(name);
        return new PostgresProjection(
                new Database(CLUSTER.jdbcUrl(name), PostgresCluster.SUPERUSER, ""), Period.ZERO, mostWithoutIndexes);
    }

    private static LogRecord.Unreadable unreadable(long offset) {
        return new LogRecord.Unreadable(new LogPosition("topic", 0, offset, Instant.now()), "garbage");
    }

    private static Map<Partition, Long> next(long offset) {
        return Map.of(new Partition("topic", 0), offset);
    }

    private static String in(String database, String sql) {
        return CLUSTER.sqlIn(database, sql).getFirst();
    }
}
