package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the raw events of a catch-up over a connection of its own, while they are folded over the projector's: two processes of the database work at once.
 *
 * <p>Kept events may be committed without their fold, where the projector dies between both. They are then read again, for the offsets move with the fold; that
 * they are there already, from the same place in the log, changes nothing.
 */
final class EventKeeper implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EventKeeper.class);

    /** What PostgreSQL says of an event that is there already. */
    private static final String KEPT_ALREADY = "23505";

    /** Copies of events come in swarms, when a producer was not sure. */
    private static final int BATCHES_OF_A_SWARM = 20;

    /** As the staged way has it. */
    private static final Comparator<LogRecord.Event> IN_ORDER = Comparator.comparing(
                    (LogRecord.Event event) -> event.position().recordedAt())
            .thenComparing(event -> event.position().partition())
            .thenComparing(event -> event.position().offset());

    private final Connection connection;
    private final Stage stage;
    private final ExecutorService hand = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("event-keeper").daemon(true).factory());
    private int batchesOnStage;

    /** @param connection its own, closed with it */
    EventKeeper(Connection connection) throws SQLException {
        this.connection = connection;
        this.stage = new Stage(connection);
        connection.commit();
    }

    /** A batch that is being kept. */
    final class Keeping {

        private final Future<Integer> kept;

        private Keeping(Future<Integer> kept) {
            this.kept = kept;
        }

        /** Waits for it and commits it; how many of its events had not been kept before. What could not be kept is taken back. */
        int commit() throws SQLException {
            try {
                int count = await();
                connection.commit();
                return count;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }

        /** Waits for it and takes it back. */
        void rollBack() throws SQLException {
            try {
                await();
            } catch (SQLException e) {
                LOGGER.debug("a batch that is taken back could not be kept either", e);
            }
            connection.rollback();
        }

        private int await() throws SQLException {
            try {
                return kept.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException refused) {
                    throw refused;
                }
                throw new IllegalStateException("events could not be kept", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while events were kept", e);
            }
        }
    }

    /** Begins to keep a batch, whose months are there. One at a time: it is committed or taken back before the next. */
    Keeping keep(List<LogRecord.Event> events) {
        return new Keeping(hand.submit(() -> kept(events)));
    }

    private int kept(List<LogRecord.Event> events) throws SQLException {
        if (batchesOnStage == 0) {
            try {
                return copied(events);
            } catch (SQLException e) {
                if (!KEPT_ALREADY.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback();
                batchesOnStage = BATCHES_OF_A_SWARM;
            }
        }
        batchesOnStage--;
        doNotWaitForTheDisk();
        stage.fill(events);
        return stage.keep();
    }

    /** Straight to where they stay, which is all or nothing. */
    private int copied(List<LogRecord.Event> events) throws SQLException {
        doNotWaitForTheDisk();
        EventRows.copy(
                events.stream().sorted(IN_ORDER).toList(),
                EventRows.EVENTS,
                connection.unwrap(PGConnection.class).getCopyAPI());
        return events.size();
    }

    /** It is followed by a commit of the fold that waits, sooner or later. */
    private void doNotWaitForTheDisk() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ProjectionSession.DO_NOT_WAIT_FOR_THE_DISK);
        }
    }

    @Override
    public void close() {
        hand.shutdown();
        try {
            connection.close();
        } catch (SQLException e) {
            LOGGER.debug("the connection for raw events was broken already", e);
        }
    }
}
