package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.history.StoreUnavailableException;
import dev.holdfast.catalog.history.UnfitRecordException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one projection over one connection. */
final class ProjectionSession implements ProjectionStore.Session {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectionSession.class);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    /** What a rebuild has replaced, until nobody reads it any more. */
    private static final String FORMER_SCHEMA = "holdfast_former";

    private static final String DROP_FORMER = "drop schema if exists %s cascade".formatted(FORMER_SCHEMA);

    private static final int MOST_AT_A_MOMENT = 1_000_000;

    /** Classes of SQLSTATE that blame a value: data exception, integrity constraint, program limit (such as an index row's size). */
    private static final Set<String> UNFIT = Set.of("22", "23", "54");

    private final Database database;
    private final Connection connection;
    private final Period eventsKept;
    private final EventMonths months;
    private final FoldSql sql = new FoldSql();
    private final Map<Partition, Long> written = new HashMap<>();
    private long tidyAt = System.nanoTime();
    private boolean caughtUp;
    private long untilIndexes = Long.MAX_VALUE;

    /** @param eventsKept how long raw events are kept; no time at all means for ever */
    ProjectionSession(Database database, Connection connection, Period eventsKept) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.eventsKept = eventsKept;
        this.months = new EventMonths(connection, Clock.systemUTC());
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.stage());
        }
        connection.commit();
    }

    @Override
    public Map<Partition, Long> nextOffsets() {
        return answer("reading the offsets", () -> {
            Map<Partition, Long> offsets = new HashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select topic, partition, next_offset from log_offsets")) {
                while (rows.next()) {
                    offsets.put(new Partition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
                }
            }
            return Map.copyOf(offsets);
        });
    }

    /**
     * Begins to project into what is served. One that is still empty grows without the indexes that it does not need for that: for a while, and those of raw
     * events until it has caught up.
     *
     * @param mostWithoutIndexes records until the indexes of all else are made
     */
    void begin(int mostWithoutIndexes) {
        skipNumbersThatMayHaveBeenSeen();
        if (nextOffsets().isEmpty()) {
            growWithoutIndexes(AnswerIndexes.OF_THE_FLEET);
        }
        untilIndexes = mostWithoutIndexes;
    }

    @Override
    public void project(List<LogRecord> records, Map<Partition, Long> nextOffsets) {
        answer("projecting %d records".formatted(records.size()), () -> {
            if (!caughtUp) {
                doNotWaitForTheDisk();
            }
            List<LogRecord.Event> events = stage(records);
            if (!events.isEmpty()) {
                keep(events);
                fold(events);
            }
            move(nextOffsets, records);
            return events.size();
        });
        written.putAll(nextOffsets);
        makeIndexesInTime(records.size());
    }

    private void makeIndexesInTime(int projected) {
        if (!caughtUp && untilIndexes > 0) {
            untilIndexes -= projected;
            if (untilIndexes <= 0) {
                answer("making indexes", () -> new AnswerIndexes(database, connection).make(AnswerIndexes.OF_STATES));
            }
        }
    }

    /**
     * What a crash of the database takes back is read again, for its offsets go with it. Who is told that the projection has caught up reads only what is
     * durable: that is told by a commit that waits, for all before it.
     */
    private void doNotWaitForTheDisk() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local synchronous_commit = off");
        }
    }

    /** Stages the events and returns them; notes the unreadable ones. */
    private List<LogRecord.Event> stage(List<LogRecord> records) throws SQLException {
        List<LogRecord.Event> events = new ArrayList<>();
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.Event event -> events.add(event);
                case LogRecord.Unreadable unreadable -> note(unreadable);
            }
        }
        if (!events.isEmpty()) {
            StageRows.copy(events, connection.unwrap(PGConnection.class).getCopyAPI());
        }
        return events;
    }

    /** Keeps each event once; what had been kept before leaves the stage. */
    private void keep(List<LogRecord.Event> events) throws SQLException {
        months.makeFor(events.stream().map(LogRecord.Event::occurredAt).toList());
        try (Statement statement = connection.createStatement()) {
            int kept = statement.executeUpdate(sql.keep());
            if (kept < events.size()) {
                statement.execute(sql.forgetLateCopies());
            }
        }
    }

    private void fold(List<LogRecord.Event> events) throws SQLException {
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

    private void note(LogRecord.Unreadable unreadable) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into unreadable_records (topic, partition, log_offset, recorded_at, reason)
                values (?, ?, ?, ?, ?) on conflict do nothing""")) {
            insert.setString(1, unreadable.position().topic());
            insert.setInt(2, unreadable.position().partition());
            insert.setLong(3, unreadable.position().offset());
            insert.setTimestamp(4, Timestamp.from(unreadable.position().recordedAt()));
            insert.setString(5, unreadable.reason().replace('\0', '\uFFFD'));
            insert.executeUpdate();
        }
    }

    private void move(Map<Partition, Long> next, List<LogRecord> records) throws SQLException {
        List<Map.Entry<Partition, Long>> moved = new ArrayList<>(next.entrySet());
        moved.removeIf(entry -> entry.getValue().equals(written.get(entry.getKey())));
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into log_offsets (topic, partition, next_offset)
                select * from unnest(?::text[], ?::int[], ?::bigint[])
                on conflict (topic, partition) do update set next_offset = excluded.next_offset""");
                PreparedStatement status = connection.prepareStatement("""
                update projection_status
                set position = (
                      select coalesce(jsonb_object_agg(topic, records), '{}')
                      from (select topic, sum(next_offset) as records from log_offsets group by topic) as topics),
                    recorded_at = greatest(recorded_at, ?),
                    last_event = (select case when is_called then last_value else 0 end from events_seq)""")) {
            upsert.setArray(
                    1,
                    connection.createArrayOf(
                            "text", moved.stream().map(e -> e.getKey().topic()).toArray()));
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "int", moved.stream().map(e -> e.getKey().number()).toArray()));
            upsert.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", moved.stream().map(Map.Entry::getValue).toArray()));
            upsert.executeUpdate();
            status.setTimestamp(1, newest(records));
            status.executeUpdate();
        }
    }

    private static Timestamp newest(List<LogRecord> records) {
        return Timestamp.from(records.stream()
                .map(record -> record.position().recordedAt())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH));
    }

    @Override
    public void report(boolean caughtUp) {
        this.caughtUp = caughtUp;
        answer("reporting", () -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update projection_status set caught_up = ?, checked_at = clock_timestamp()")) {
                update.setBoolean(1, caughtUp);
                update.executeUpdate();
            }
            tidy();
            return caughtUp;
        });
    }

    /** Heartbeats and announcements go as their topics let them go. */
    private void tidy() throws SQLException {
        if (System.nanoTime() < tidyAt) {
            return;
        }
        tidyAt = System.nanoTime() + TIDY_EVERY.toNanos();
        months.makeAhead();
        months.dropOlderThan(eventsKept);
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("""
                    delete from events
                    where type in ('BackupProgressed', 'RestoreTestProgressed', 'RunnerAnnounced')
                      and recorded_at < now() - interval '1 day'""");
        }
    }

    @Override
    public boolean rebuildWanted() {
        return answer("looking for a wish to rebuild", () -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select rebuild_wanted from projection_status")) {
                return row.next() && row.getBoolean(1);
            }
        });
    }

    @Override
    public ProjectionStore.Session beginRebuild() {
        return answer("beginning a rebuild", () -> {
            database.execute(
                    Database.SCHEMA, DROP_FORMER, "drop schema if exists %s cascade".formatted(Database.NEXT_SCHEMA));
            database.migrate(Database.NEXT_SCHEMA);
            // it keeps all until it has read all: a late copy must find the event that it is of
            return growing(database);
        });
    }

    /** A projection that nobody asks anything yet. */
    private static ProjectionSession growing(Database database) throws SQLException {
        ProjectionSession session =
                new ProjectionSession(database, database.connect(Database.NEXT_SCHEMA), Period.ZERO);
        session.growWithoutIndexes(AnswerIndexes.NONE);
        return session;
    }

    /**
     * Commits that a crash took back may have been read: a cursor that named one of their events must not lie before those that get its number now. More are
     * not committed in the moment that a database may lose.
     */
    private void skipNumbersThatMayHaveBeenSeen() {
        answer("numbering events", () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "select setval('events_seq', nextval('events_seq') + %d)".formatted(MOST_AT_A_MOMENT));
            }
            return connection;
        });
    }

    private void growWithoutIndexes(String kept) {
        answer("taking indexes away", () -> {
            new AnswerIndexes(database, connection).takeAway(AnswerIndexes.ALL, kept);
            return kept;
        });
    }

    @Override
    public boolean prepareToServe() {
        return answer("making indexes", () -> new AnswerIndexes(database, connection).make(AnswerIndexes.ALL));
    }

    @Override
    public void finishRebuild(ProjectionStore.Session rebuilt) {
        rebuilt.report(true);
        answer("putting the rebuilt projection in place", () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("alter schema %s rename to %s".formatted(Database.SCHEMA, FORMER_SCHEMA));
                statement.execute("alter schema %s rename to %s".formatted(Database.NEXT_SCHEMA, Database.SCHEMA));
            }
            return rebuilt;
        });
        // by itself: it waits for who still reads the former tables, and nobody who begins to read now shall wait for
        // it in turn
        answer("dropping the former projection", () -> {
            database.execute(Database.SCHEMA, DROP_FORMER);
            return rebuilt;
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOGGER.debug("the projector's connection was broken already", e);
        }
    }

    /** One transaction. */
    private <T> T answer(String doing, Work<T> work) {
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failure(doing, e);
        }
    }

    private RuntimeException failure(String doing, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.length() == 5 && UNFIT.contains(state.substring(0, 2))) {
            try {
                connection.rollback();
                months.forget();
                return new UnfitRecordException("PostgreSQL refuses a value: " + e.getMessage(), e);
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
        }
        close();
        return new StoreUnavailableException(
                "%s failed in the catalog's database %s: %s".formatted(doing, database, e.getMessage()), e);
    }

    /** Statements of one transaction. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }
}
