package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.PostgresCluster;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks a database how far something is, over one connection and seldom, so that asking is not what is measured. */
final class Meter implements AutoCloseable {

    private static final String NO_SUCH_TABLE = "42P01";

    private final Connection connection;
    private final String sql;
    private final long everyMillis;

    Meter(PostgresCluster cluster, String database, String sql, long everyMillis) {
        try {
            this.connection = cluster.connect(database);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to " + database, e);
        }
        this.sql = sql;
        this.everyMillis = everyMillis;
    }

    /** The number; 0 where its table is not there yet. */
    long read() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                return 0;
            }
            throw new IllegalStateException(sql, e);
        }
    }

    /** Waits until it is time to read again. */
    void pause() {
        Waiting.pause(everyMillis);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the connection of a meter does not close", e);
        }
    }
}
