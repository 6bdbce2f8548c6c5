package dev.holdfast.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import dev.holdfast.testsupport.PostgresCluster;
import java.time.Period;
import java.util.Optional;
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

            Optional<ProjectionStore.Session> session = projection.tryLead();
            assertThat(session).isPresent();
            assertThat(projection.tryLead()).isEmpty();
            session.ifPresent(ProjectionStore.Session::close);
        }
    }
}
