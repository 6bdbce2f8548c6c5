package dev.holdfast.catalog.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of an answer, read by the names of its columns. */
final class Row {

    private final ResultSet columns;

    Row(ResultSet columns) {
        this.columns = columns;
    }

    @Nullable
    String text(String column) throws SQLException {
        return columns.getString(column);
    }

    String needed(String column) throws SQLException {
        String text = columns.getString(column);
        if (text == null) {
            throw new SQLException("column %s is null".formatted(column));
        }
        return text;
    }

    @Nullable
    Instant instant(String column) throws SQLException {
        Timestamp timestamp = columns.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    Instant neededInstant(String column) throws SQLException {
        Timestamp timestamp = columns.getTimestamp(column);
        if (timestamp == null) {
            throw new SQLException("column %s is null".formatted(column));
        }
        return timestamp.toInstant();
    }

    @Nullable
    UUID uuid(String column) throws SQLException {
        return columns.getObject(column, UUID.class);
    }

    UUID neededUuid(String column) throws SQLException {
        return UUID.fromString(needed(column));
    }

    int integer(String column) throws SQLException {
        return columns.getInt(column);
    }

    long big(String column) throws SQLException {
        return columns.getLong(column);
    }

    boolean flag(String column) throws SQLException {
        return columns.getBoolean(column);
    }

    /** A fact kept as JSON; an empty one where the column is null. */
    Fact fact(String column) throws SQLException {
        return Fact.of(columns.getString(column));
    }
}
