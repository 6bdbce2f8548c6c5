package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.PGConnection;

/** Where a batch of events waits, on one connection, to be kept and folded in; empty again after each commit. */
final class Stage {

    private final Connection connection;
    private final FoldSql sql = new FoldSql();

    /** Makes it; the caller commits. */
    Stage(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.stage());
        }
    }

    /** Puts the batch in. */
    void fill(List<LogRecord.Event> events) throws SQLException {
        EventRows.copy(
                events, EventRows.STAGE, connection.unwrap(PGConnection.class).getCopyAPI());
    }

    /** Keeps each of the events once, and says how many of them had not been kept before. */
    int keep() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql.keep());
        }
    }

    /** Once the batch is kept: what had been kept from another place in the log leaves the stage. */
    void forgetLateCopies() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.forgetLateCopies());
        }
    }

    /** Folds in what is on the stage and may be believed. */
    void fold(List<LogRecord.Event> events) throws SQLException {
        Set<String> types = new TreeSet<>();
        boolean allKnown = true;
        for (LogRecord.Event event : events) {
            types.add(event.type());
            allKnown &= event.known();
        }
        try (Statement statement = connection.createStatement()) {
            if (!allKnown) {
                statement.execute(sql.forgetUnknown());
            }
            statement.execute(sql.fold(types));
        }
    }
}
