package dev.holdfast.catalog.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What only answers need of a projection: indexes, but for those that keep rows unique, which folding needs, and autovacuum, which reads again and again
 * what grows. A projection that grows from nothing goes without for some of its tables, for indexes are made much faster at once than row by row. What is
 * wanting stands in the database, so that a process that dies meanwhile leaves that known.
 */
final class AnswerIndexes {

    /** All of them; the schema's own history is no part of the projection. */
    static final String ALL = "^(?!flyway_)";

    /** All that is not about raw events. */
    static final String OF_STATES = "^(?!events$|flyway_)";

    /** Without these the fleet would have to be looked for among all requests and tests; they are small, and change little. */
    static final String OF_THE_FLEET = "^(requests_failures|restore_tests_verdicts)$";

    static final String NONE = "^$";

    private static final String FIND = """
            select index.oid::regclass as name, owner.relname as owner, pg_get_indexdef(index.oid) as definition
            from pg_class index
            join pg_index kind on kind.indexrelid = index.oid
            join pg_class owner on owner.oid = kind.indrelid
            where index.relnamespace = current_schema()::regnamespace
              and not kind.indisunique and not index.relispartition and owner.relname ~ ? and index.relname !~ ?
            order by index.relname""";

    /** A month of events has a name of its own; what has few rows that change all the time stays as it is. */
    private static final String ALTER_TABLES = """
            select format('alter table %%s %s', oid::regclass) from pg_class
            where relnamespace = current_schema()::regnamespace and relkind = 'r'
              and relname ~ '^(events_.*|requests|backup_sets|restore_tests|slots|restore_points)$' and regexp_replace(relname, '^events_.*', 'events') ~ ?""";

    private static final String LEAVE_ALONE = ALTER_TABLES.formatted("set (autovacuum_enabled = false)");
    private static final String LOOK_AFTER = ALTER_TABLES.formatted("reset (autovacuum_enabled)");

    /** Not of JSON, nor of places in the log: nothing is looked for by them, and to sort a sample of JSON takes longer than making an index. */
    private static final String ANALYZE = """
            select format('analyze %s (%s)', owner.oid::regclass, string_agg(quote_ident(attname), ', '))
            from pg_class owner
            join pg_attribute on attrelid = owner.oid and attnum > 0 and not attisdropped and atttypid <> 'jsonb'::regtype
              and attname not in ('topic', 'partition', 'log_offset') and attname not like '%position'
            where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition and owner.relname ~ ?
            group by owner.oid""";

    /**
     * A tenth of the usual sample, which is enough to choose an index by. The usual one, of each month of events, is a sixth of a catch-up's work; autovacuum takes
     * it by and by.
     */
    private static final String LOOK_BRIEFLY = "set local default_statistics_target = 10";

    /** A month's events are soon sorted: to start further processes for each of its indexes takes longer than they save. */
    private static final String ALONE_IF_SMALL = "set local min_parallel_table_scan_size = '128MB'";

    private static final String NOTED = "select definition from deferred_indexes where owner ~ ?";

    /** Other hands leave alone what one of them is making. */
    private static final String NEXT = """
            update deferred_indexes set made = true
            where definition = (
              select definition from deferred_indexes where owner ~ ? and not made order by definition limit 1 for update skip locked)
            returning definition""";

    /** A database that serves a site has more processors than that. */
    private static final int HANDS = 2;

    private final Database database;
    private final Connection connection;

    /** Of the connection's schema. Indexes are made over further connections and each is committed at once; all else here is not. */
    AnswerIndexes(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Takes indexes away.
     *
     * @param tables those of tables whose names match this
     * @param kept but not those whose own names match this
     */
    void takeAway(String tables, String kept) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement(FIND);
                PreparedStatement note = connection.prepareStatement("""
                        insert into deferred_indexes (definition, owner) values (?, ?)
                        on conflict (definition) do update set made = false""")) {
            find.setString(1, tables);
            find.setString(2, kept);
            try (ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString("name"));
                    // of a partitioned table's index the definition is of the table itself, without its parts
                    note.setString(1, rows.getString("definition").replace(" ON ONLY ", " ON "));
                    note.setString(2, rows.getString("owner"));
                    note.addBatch();
                }
            }
            note.executeBatch();
        }
        List<String> alterations = column(LEAVE_ALONE, tables);
        try (Statement statement = connection.createStatement()) {
            for (String name : names) {
                statement.execute("drop index " + name);
            }
            for (String alteration : alterations) {
                statement.execute(alteration);
            }
        }
    }

    /**
     * Makes those that were taken away, several at a time, and lets the database look at its rows, so that it knows which index serves what; false if none were.
     * What a crash leaves unmade is made by the next call.
     *
     * @param tables those of tables whose names match this
     */
    boolean make(String tables) throws SQLException {
        if (column(NOTED, tables).isEmpty()) {
            return false;
        }
        // what this connection has locked stands in nobody's way
        connection.commit();
        makeSideBySide(tables);
        try (PreparedStatement forget = connection.prepareStatement("delete from deferred_indexes where owner ~ ?");
                Statement statement = connection.createStatement()) {
            forget.setString(1, tables);
            forget.executeUpdate();
            for (String alteration : column(LOOK_AFTER, tables)) {
                statement.execute(alteration);
            }
            statement.execute(LOOK_BRIEFLY);
            for (String analyze : column(ANALYZE, tables)) {
                statement.execute(analyze);
            }
        }
        return true;
    }

    private void makeSideBySide(String tables) throws SQLException {
        String schema = connection.getSchema();
        try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
            List<Future<Integer>> made = new ArrayList<>();
            for (int hand = 0; hand < HANDS; hand++) {
                made.add(hands.submit(() -> makeOneByOne(schema, tables)));
            }
            for (Future<Integer> one : made) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException("an index could not be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while indexes were made", e);
        }
    }

    private int makeOneByOne(String schema, String tables) throws SQLException {
        int made = 0;
        try (Connection own = database.connect(schema);
                PreparedStatement next = own.prepareStatement(NEXT);
                Statement statement = own.createStatement()) {
            next.setString(1, tables);
            while (true) {
                Optional<String> definition = first(next);
                if (definition.isEmpty()) {
                    own.commit();
                    return made;
                }
                statement.execute(ALONE_IF_SMALL);
                statement.execute(definition.get());
                own.commit();
                made++;
            }
        }
    }

    private static Optional<String> first(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    private List<String> column(String sql, String tables) throws SQLException {
        List<String> column = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add(rows.getString(1));
                }
            }
        }
        return column;
    }
}
