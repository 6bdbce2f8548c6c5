package dev.holdfast.catalog.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The indexes of a projection that only answers need: all but those that keep rows unique, which folding needs. A projection that grows from nothing goes
 * without some of them, for they are made much faster at once than row by row. Which are wanting stands in a table beside them, so that a process that dies
 * meanwhile leaves that known.
 */
final class AnswerIndexes {

    private static final String FIND = """
            select index.oid::regclass as name, pg_get_indexdef(index.oid) as definition
            from pg_class index
            join pg_index kind on kind.indexrelid = index.oid
            join pg_class owner on owner.oid = kind.indrelid
            where index.relnamespace = current_schema()::regnamespace
              and not kind.indisunique and not index.relispartition and owner.relname ~ ?
            order by index.relname""";

    /** Not of JSON: nothing is looked for in it without an index of its own, and to sort a sample of it takes longer than making an index. */
    private static final String ANALYZE = """
            select format('analyze %s (%s)', owner.oid::regclass, string_agg(quote_ident(attname), ', '))
            from pg_class owner
            join pg_attribute on attrelid = owner.oid and attnum > 0 and not attisdropped and atttypid <> 'jsonb'::regtype
            where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
            group by owner.oid""";

    private final Connection connection;

    /** Of the connection's schema. Nothing here is committed. */
    AnswerIndexes(Connection connection) {
        this.connection = connection;
    }

    /** Takes the indexes of the tables away whose names match. */
    void takeAway(String tables) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement(FIND);
                PreparedStatement note =
                        connection.prepareStatement("insert into deferred_indexes values (?) on conflict do nothing")) {
            find.setString(1, tables);
            try (ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString("name"));
                    // of a partitioned table's index the definition is of the table itself, without its parts
                    note.setString(1, rows.getString("definition").replace(" ON ONLY ", " ON "));
                    note.addBatch();
                }
            }
            note.executeBatch();
        }
        try (Statement statement = connection.createStatement()) {
            for (String name : names) {
                statement.execute("drop index " + name);
            }
        }
    }

    /** Makes those that were taken away, and lets the database look at its rows, so that it knows which index serves what; false if none were. */
    boolean make() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> wanting = column(statement, "delete from deferred_indexes returning definition");
            for (String definition : wanting) {
                statement.execute(definition);
            }
            if (wanting.isEmpty()) {
                return false;
            }
            for (String analyze : column(statement, ANALYZE)) {
                statement.execute(analyze);
            }
            return true;
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> column = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        }
        return column;
    }
}
