package dev.holdfast.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import dev.holdfast.testsupport.PostgresCluster;
import java.time.Duration;
import java.time.Period;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who may write. */
class PostgresProjectionIT {

    @Test
    void whoCannotMigrateDoesNotKeepTheLock() {
        try (PostgresCluster cluster = PostgresCluster.started()) {
            cluster.createDatabase("foreign");
            // somebody else's schema of this name: Flyway refuses to touch it
            cluster.sqlIn("foreign", "create schema holdfast; create table holdfast.something (id int)");
            PostgresProjection projection = new PostgresProjection(
                    new Database(cluster.jdbcUrl("foreign"), PostgresCluster.SUPERUSER, ""), Period.ZERO);

            assertThatThrownBy(projection::tryLead)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("cannot be used");
            cluster.sqlIn("foreign", "drop schema holdfast cascade");

            // PostgreSQL ends a session a moment after its connection
            Optional<ProjectionStore.Session> session = Awaitility.await("the lock")
                    .atMost(Duration.ofMinutes(2))
                    .until(projection::tryLead, Optional::isPresent);
            assertThat(projection.tryLead()).isEmpty();
            session.ifPresent(ProjectionStore.Session::close);
        }
    }
}
