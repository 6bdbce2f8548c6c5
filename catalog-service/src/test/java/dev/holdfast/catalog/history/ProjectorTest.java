package dev.holdfast.catalog.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The projector against a log and a store that remember. */
class ProjectorTest {

    private final RememberingLog log = new RememberingLog();
    private final RememberingStore store = new RememberingStore();
    private final List<LogRecord> watched = new CopyOnWriteArrayList<>();

    @Test
    void aValueThatDoesNotFitIsSingledOutAndTheRestIsProjected() {
        for (int i = 0; i < 9; i++) {
            log.records.add(event(i, i == 5 ? "unfit" : "fit"));
        }

        run(() -> store.offset() == 9);

        assertThat(store.folded).hasSize(8).doesNotHaveDuplicates();
        assertThat(log.deadLetters).containsExactly(5L);
    }

    @Test
    void anUnreadableRecordIsDeadLetteredAndPassed() {
        log.records.add(new LogRecord.Unreadable(position(0), "garbage"));
        log.records.add(event(1, "fit"));

        run(() -> store.offset() == 2);

        assertThat(log.deadLetters).containsExactly(0L);
        assertThat(store.folded).containsExactly(1L);
    }

    @Test
    void aStoreThatWentAwayIsTakenUpAgainWhereItLastCommitted() {
        for (int i = 0; i < 4; i++) {
            log.records.add(event(i, "fit"));
        }
        store.failuresLeft = 2;

        run(() -> store.offset() == 4);

        assertThat(store.folded).containsExactly(0L, 1L, 2L, 3L);
        assertThat(watched).extracting(record -> record.position().offset()).containsExactly(0L, 1L, 2L, 3L);
    }

    private void run(java.util.concurrent.Callable<Boolean> until) {
        Projector projector = new Projector(() -> log, store, watched::addAll);
        Thread thread = Thread.ofPlatform().start(projector);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(until);
        projector.stop();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !thread.isAlive());
    }

    private static LogPosition position(long offset) {
        return new LogPosition("topic", 0, offset, Instant.EPOCH);
    }

    private static LogRecord event(long offset, String type) {
        return new LogRecord.Event(
                position(offset),
                type,
                true,
                new UUID(0, offset),
                Instant.EPOCH,
                new LogRecord.Subject(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                JsonText.of("{}"));
    }

    /** One partition. */
    private static final class RememberingLog implements EventLog {

        private final List<LogRecord> records = new ArrayList<>();
        private final List<Long> deadLetters = new CopyOnWriteArrayList<>();
        private long next;

        @Override
        public void startAt(Map<Partition, Long> nextOffsets) {
            next = nextOffsets.getOrDefault(new Partition("topic", 0), 0L);
        }

        @Override
        public List<LogRecord> poll(Duration patience) {
            List<LogRecord> batch = List.copyOf(records.subList((int) next, records.size()));
            next = records.size();
            return batch;
        }

        @Override
        public Map<Partition, Long> nextOffsets() {
            return Map.of(new Partition("topic", 0), next);
        }

        @Override
        public OptionalLong behind() {
            return OptionalLong.of(records.size() - next);
        }

        @Override
        public void deadLetter(List<LogRecord.Unreadable> unreadables) {
            unreadables.forEach(record -> deadLetters.add(record.position().offset()));
        }

        @Override
        public void close() {
            // it is opened again
        }
    }

    /** Refuses the type "unfit", and fails as often as it is told. */
    private static final class RememberingStore implements ProjectionStore, ProjectionStore.Session {

        private final List<Long> folded = new CopyOnWriteArrayList<>();
        private final Map<Partition, Long> offsets = new HashMap<>();
        private int failuresLeft;

        private synchronized long offset() {
            return offsets.getOrDefault(new Partition("topic", 0), 0L);
        }

        @Override
        public Optional<Session> tryLead() {
            return Optional.of(this);
        }

        @Override
        public synchronized Map<Partition, Long> nextOffsets() {
            return Map.copyOf(offsets);
        }

        @Override
        public synchronized void project(List<LogRecord> records, Map<Partition, Long> nextOffsets) {
            if (failuresLeft-- > 0) {
                throw new StoreUnavailableException("away", new IllegalStateException("away"));
            }
            List<Long> fit = new ArrayList<>();
            for (LogRecord record : records) {
                if (record instanceof LogRecord.Event event) {
                    if (event.type().equals("unfit")) {
                        throw new UnfitRecordException("too long", new IllegalStateException("too long"));
                    }
                    fit.add(event.position().offset());
                }
            }
            folded.addAll(fit);
            offsets.putAll(nextOffsets);
        }

        @Override
        public void report(boolean caughtUp) {
            // nobody asks
        }

        @Override
        public boolean rebuildWanted() {
            return false;
        }

        @Override
        public Session beginRebuild() {
            throw new IllegalStateException("nobody asked for a rebuild");
        }

        @Override
        public boolean prepareToServe() {
            return false;
        }

        @Override
        public void finishRebuild(Session rebuilt) {
            throw new IllegalStateException("nobody asked for a rebuild");
        }

        @Override
        public void close() {
            // it is led again
        }
    }
}
