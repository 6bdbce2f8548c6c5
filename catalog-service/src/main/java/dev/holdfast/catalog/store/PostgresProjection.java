package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Period;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;

/**
 * The projection in PostgreSQL. The right to write is a session-level advisory lock on the connection that writes: who
 * loses the one loses the other.
 */
public final class PostgresProjection implements ProjectionStore {

    /** "holdfast" in ASCII: the advisory lock of the projector, one per database. */
    private static final long LOCK = 0x686F6C6466617374L;

    /** Of so many events the requests, backups and tests can be listed without an index while somebody waits. */
    private static final int MOST_WITHOUT_INDEXES = 500_000;

    /** The class of PostgreSQL's states that say that a role is not let in. */
    private static final String NOT_LET_IN = "28";

    private final Database database;
    private final Period eventsKept;
    private final int mostWithoutIndexes;

    /**
     * A projection in this database.
     *
     * @param eventsKept how long raw events are kept, in whole months; no time at all means for ever
     */
    public PostgresProjection(Database database, Period eventsKept) {
        this(database, eventsKept, MOST_WITHOUT_INDEXES);
    }

    /** @param mostWithoutIndexes after so many records of a first catch-up its states get the indexes that answers need, before it has caught up */
    PostgresProjection(Database database, Period eventsKept, int mostWithoutIndexes) {
        this.database = database;
        this.eventsKept = eventsKept;
        this.mostWithoutIndexes = mostWithoutIndexes;
    }

    @Override
    public Optional<Session> tryLead() {
        try {
            return session(database.connect(Database.SCHEMA));
        } catch (SQLException | FlywayException e) {
            throw new StoreUnavailableException(
                    "the catalog's database %s cannot be used: %s%s".formatted(database, firstLine(e), remedy(e)), e);
        }
    }

    /** Where there is no session in the end, the connection must not keep the lock. */
    private Optional<Session> session(Connection connection) throws SQLException {
        Optional<Session> session = Optional.empty();
        try {
            if (locked(connection)) {
                database.migrate(Database.SCHEMA);
                ProjectionSession served = new ProjectionSession(database, connection, eventsKept);
                served.begin(mostWithoutIndexes);
                session = Optional.of(served);
            }
            return session;
        } finally {
            if (session.isEmpty()) {
                connection.close();
            }
        }
    }

    private static boolean locked(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            lock.setLong(1, LOCK);
            try (ResultSet answer = lock.executeQuery()) {
                answer.next();
                boolean locked = answer.getBoolean(1);
                connection.commit();
                return locked;
            }
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Which setting to compare where the role is not let in; empty for any other trouble. */
    private static String remedy(Exception e) {
        boolean refused = e instanceof SQLException refusal
                && refusal.getSQLState() != null
                && refusal.getSQLState().startsWith(NOT_LET_IN);
        return refused
                ? ". Compare HOLDFAST_CATALOG_DB_USER and HOLDFAST_CATALOG_DB_PASSWORD, or the file that HOLDFAST_CATALOG_DB_PASSWORD_FILE names, with the role and its password there"
                : "";
    }
}
