package dev.holdfast.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The PostgreSQL that the peers keep their schedules in. */
final class PeerDatabase implements AutoCloseable {

    /** As many as the peers have threads, and some for their own bookkeeping. */
    static final int CONNECTIONS = 24;

    private final HikariDataSource pool;

    PeerDatabase(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        pool = new HikariDataSource(config);
    }

    HikariDataSource pool() {
        return pool;
    }

    void run(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refuses: " + sql, e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
