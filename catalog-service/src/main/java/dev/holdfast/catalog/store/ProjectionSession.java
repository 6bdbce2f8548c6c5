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
import java.time.Clock;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one projection, over one connection; while it catches up, raw events over another. */
final class ProjectionSession implements ProjectionStore.Session {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectionSession.class);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    /** For this transaction. */
    static final String DO_NOT_WAIT_FOR_THE_DISK = "set local synchronous_commit = off";

    /** A batch with fewer events is folded sooner than a second connection could be told of it. */
    private static final int WORTH_TWO_CONNECTIONS = 8;

    private static final int MOST_AT_A_MOMENT = 1_000_000;

    /** Classes of SQLSTATE that blame a value: data exception, integrity constraint, program limit (such as an index row's size). */
    private static final Set<String> UNFIT = Set.of("22", "23", "54");

    private final Database database;
    private final Connection connection;
    private final Period eventsKept;
    private final EventMonths months;
    private final Stage stage;
    private final RebuiltSchema rebuiltSchema;
    private final PlaceInLog place;
    private long tidyAt = System.nanoTime();
    private boolean caughtUp;
    private long untilIndexes = Long.MAX_VALUE;

    /** Only while it catches up. */
    private @Nullable EventKeeper keeper;

    /** @param eventsKept how long raw events are kept; no time at all means for ever */
    ProjectionSession(Database database, Connection connection, Period eventsKept) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.eventsKept = eventsKept;
        this.months = new EventMonths(connection, Clock.systemUTC());
        this.place = new PlaceInLog(connection);
        this.rebuiltSchema = new RebuiltSchema(database);
        this.stage = new Stage(connection);
        connection.commit();
    }

    @Override
    public Map<Partition, Long> nextOffsets() {
        return answer("reading the offsets", place::read);
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
            List<LogRecord.Event> events = events(records);
            months.makeFor(events.stream().map(LogRecord.Event::occurredAt).toList());
            if (!caughtUp && events.size() >= WORTH_TWO_CONNECTIONS) {
                // months that were made now, the other connection must see
                connection.commit();
                keepBesideFolding(events);
            } else {
                doNotWaitForTheDisk();
                keepAndFold(events);
            }
            place.note(records);
            place.move(nextOffsets, records);
            return events.size();
        });
        place.isAt(nextOffsets);
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
        if (!caughtUp) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(DO_NOT_WAIT_FOR_THE_DISK);
            }
        }
    }

    private static List<LogRecord.Event> events(List<LogRecord> records) {
        return records.stream()
                .filter(LogRecord.Event.class::isInstance)
                .map(LogRecord.Event.class::cast)
                .toList();
    }

    private void keepAndFold(List<LogRecord.Event> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        stage.fill(events);
        if (stage.keep() < events.size()) {
            stage.forgetLateCopies();
        }
        stage.fold(events);
    }

    /** As if none of the events had been kept before, which is nearly always so; else once more without those. */
    private void keepBesideFolding(List<LogRecord.Event> events) throws SQLException {
        EventKeeper.Keeping keeping = keeper().keep(events);
        boolean folded = false;
        try {
            doNotWaitForTheDisk();
            stage.fill(events);
            stage.fold(events);
            folded = true;
        } finally {
            if (!folded) {
                keeping.rollBack();
            }
        }
        if (keeping.commit() < events.size()) {
            connection.rollback();
            doNotWaitForTheDisk();
            stage.fill(events);
            stage.forgetLateCopies();
            stage.fold(events);
        }
    }

    private EventKeeper keeper() throws SQLException {
        if (keeper == null) {
            keeper = new EventKeeper(database.connect(connection.getSchema()));
        }
        return keeper;
    }

    private void endKeeper() {
        if (keeper != null) {
            keeper.close();
            keeper = null;
        }
    }

    @Override
    public void report(boolean caughtUp) {
        this.caughtUp = caughtUp;
        if (caughtUp) {
            endKeeper();
        }
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
            rebuiltSchema.make();
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
            rebuiltSchema.putInPlace(connection);
            return rebuilt;
        });
        answer("dropping the former projection", () -> {
            rebuiltSchema.dropFormer();
            return rebuilt;
        });
    }

    @Override
    public void close() {
        endKeeper();
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
