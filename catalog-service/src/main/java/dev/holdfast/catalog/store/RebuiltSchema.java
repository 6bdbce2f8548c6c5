package dev.holdfast.catalog.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The schema in which a projection is rebuilt beside the one that is served, and how it takes its place. */
final class RebuiltSchema {

    /** What a rebuild has replaced, until nobody reads it any more. */
    private static final String FORMER = "holdfast_former";

    private static final String DROP_FORMER = "drop schema if exists %s cascade".formatted(FORMER);

    private final Database database;

    RebuiltSchema(Database database) {
        this.database = database;
    }

    /** Makes it anew; what an earlier rebuild left is gone. */
    void make() throws SQLException {
        database.execute(
                Database.SCHEMA, DROP_FORMER, "drop schema if exists %s cascade".formatted(Database.NEXT_SCHEMA));
        database.migrate(Database.NEXT_SCHEMA);
    }

    /** Makes it the one that is served; the caller commits. */
    void putInPlace(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter schema %s rename to %s".formatted(Database.SCHEMA, FORMER));
            statement.execute("alter schema %s rename to %s".formatted(Database.NEXT_SCHEMA, Database.SCHEMA));
        }
    }

    /** By itself: it waits for who still reads the former tables, and nobody who begins to read now shall wait for it in turn. */
    void dropFormer() throws SQLException {
        database.execute(Database.SCHEMA, DROP_FORMER);
    }
}
