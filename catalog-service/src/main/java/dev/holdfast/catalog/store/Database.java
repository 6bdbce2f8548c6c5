package dev.holdfast.catalog.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The catalog's database as the projector uses it: connections of its own beside the pool that serves queries, and the
 * schema's migrations.
 *
 * @param url JDBC URL
 * @param user the role
 * @param password its password; empty for none
 */
public record Database(String url, String user, String password) {

    /** The schema that is served. */
    static final String SCHEMA = "holdfast";

    /** The schema in which a rebuilt projection grows. */
    static final String NEXT_SCHEMA = "holdfast_next";

    /** A batch is staged and sorted in memory, and its statements are over before compiling them would pay. */
    private static final String BATCHES = "-c work_mem=32MB -c temp_buffers=32MB -c jit=off";

    private static final int CONNECT_SECONDS = 5;
    private static final int CONNECTIONS = 4;
    private static final long WAIT_MILLIS = 3_000;

    /** Says everything but the password. */
    @Override
    public String toString() {
        return url + " as " + user;
    }

    /**
     * The pool that serves queries, for the caller to close. It opens its first connection when somebody asks something. Each of its transactions sees one moment: to
     * have it so from the start spares every question three trips to the database.
     *
     * @param queryLimit how long one statement may take
     */
    public HikariDataSource queryPool(Duration queryLimit) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("queries");
        pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        if (!password.isEmpty()) {
            pool.setPassword(password);
        }
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(WAIT_MILLIS);
        pool.setInitializationFailTimeout(-1);
        pool.addDataSourceProperty("currentSchema", SCHEMA);
        pool.addDataSourceProperty("ApplicationName", "holdfast-catalog");
        pool.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        pool.addDataSourceProperty("socketTimeout", String.valueOf(queryLimit.toSeconds() * 2));
        pool.addDataSourceProperty("options", "-c jit=off -c statement_timeout=" + queryLimit.toMillis());
        return new HikariDataSource(pool);
    }

    /** A new connection whose tables are those of the schema. */
    Connection connect(String schema) throws SQLException {
        Connection connection = source(schema).getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** Brings the schema to this version. */
    void migrate(String schema) {
        Flyway.configure()
                .dataSource(source(schema))
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    /** Runs statements in one transaction. */
    void execute(String schema, String... statements) throws SQLException {
        try (Connection connection = connect(schema);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    private PGSimpleDataSource source(String schema) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        if (!password.isEmpty()) {
            source.setPassword(password);
        }
        source.setCurrentSchema(schema);
        source.setApplicationName("holdfast-catalog-projector");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setOptions(BATCHES);
        return source;
    }
}
