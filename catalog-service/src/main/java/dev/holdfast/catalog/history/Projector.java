package dev.holdfast.catalog.history;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for ever and folds it into the store. Of several processes one projects, the others stand by. Whatever
 * goes wrong, it starts again from what the store last committed, so that each event counts exactly once.
 */
public final class Projector implements Runnable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Projector.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** A silence after records that may be their end. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(2);

    private final Supplier<EventLog> logs;
    private final ProjectionStore store;
    private final ProjectionWatcher watcher;
    private final CountDownLatch stop = new CountDownLatch(1);
    private String lastTrouble = "";

    /**
     * @param logs opens the log anew for each turn at projecting
     * @param store where to project to
     * @param watcher hears of what came in; not of what a rebuild reads again
     */
    public Projector(Supplier<EventLog> logs, ProjectionStore store, ProjectionWatcher watcher) {
        this.logs = logs;
        this.store = store;
        this.watcher = watcher;
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try {
                store.tryLead().ifPresent(this::lead);
            } catch (StoreUnavailableException | LostHistoryException e) {
                trouble(String.valueOf(e.getMessage()), null);
            } catch (RuntimeException e) {
                trouble("the projection stopped and will start again from its last commit", e);
            }
            pause();
        }
    }

    private void lead(ProjectionStore.Session session) {
        try (session;
                EventLog log = logs.get()) {
            session.report(false);
            log.startAt(session.nextOffsets());
            LOGGER.info("projecting: this process writes the catalog");
            lastTrouble = "";
            boolean rebuild = follow(log, session);
            if (rebuild) {
                rebuild(log, session);
            }
        }
    }

    /** Projects what comes until it is told to stop or to rebuild; true for the latter. */
    private boolean follow(EventLog log, ProjectionStore.Session session) {
        long reportAt = System.nanoTime();
        boolean busy = false;
        while (!isStopped()) {
            List<LogRecord> records = log.poll(busy ? BREATH : PATIENCE);
            boolean hasJustRead = busy && records.isEmpty();
            busy = !records.isEmpty();
            if (busy) {
                project(log, session, records);
                watcher.projected(records);
            }
            if (hasJustRead || System.nanoTime() >= reportAt) {
                boolean hasReadAll = log.behind().orElse(Long.MAX_VALUE) == 0;
                boolean tookItsTime = hasReadAll && session.prepareToServe();
                session.report(hasReadAll && !tookItsTime);
                reportAt = System.nanoTime() + (tookItsTime ? 0 : REPORT_EVERY.toNanos());
                if (session.rebuildWanted()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads the whole log again into a projection of its own and puts that in the place of the old one. */
    private void rebuild(EventLog log, ProjectionStore.Session session) {
        LOGGER.info("rebuilding the catalog from the first record; the former projection answers meanwhile");
        try (ProjectionStore.Session rebuilt = session.beginRebuild()) {
            log.startAt(Map.of());
            long reportAt = System.nanoTime();
            while (!isStopped()) {
                List<LogRecord> records = log.poll(PATIENCE);
                project(log, rebuilt, records);
                if (records.isEmpty() && log.behind().orElse(Long.MAX_VALUE) == 0 && !rebuilt.prepareToServe()) {
                    session.finishRebuild(rebuilt);
                    LOGGER.info("the rebuilt catalog answers from now on");
                    return;
                }
                if (System.nanoTime() >= reportAt) {
                    session.report(false);
                    reportAt = System.nanoTime() + REPORT_EVERY.toNanos();
                }
            }
        }
    }

    private void project(EventLog log, ProjectionStore.Session session, List<LogRecord> records) {
        List<LogRecord.Unreadable> unreadables = records.stream()
                .filter(LogRecord.Unreadable.class::isInstance)
                .map(LogRecord.Unreadable.class::cast)
                .toList();
        if (!unreadables.isEmpty()) {
            // not each: half of the log may be garbage
            LOGGER.warn(
                    "unreadable records: {}, the first at {}: {}",
                    unreadables.size(),
                    unreadables.getFirst().position(),
                    unreadables.getFirst().reason());
            log.deadLetter(unreadables);
        }
        fold(log, session, records, log.nextOffsets());
    }

    /** One transaction, or more where a record has to be singled out because its values do not fit the database. */
    private void fold(
            EventLog log, ProjectionStore.Session session, List<LogRecord> records, Map<Partition, Long> next) {
        try {
            session.project(records, next);
        } catch (UnfitRecordException e) {
            if (records.size() == 1) {
                var unfit = new LogRecord.Unreadable(records.getFirst().position(), String.valueOf(e.getMessage()));
                LOGGER.warn("record at {} does not fit the catalog: {}", unfit.position(), unfit.reason());
                log.deadLetter(List.of(unfit));
                session.project(List.of(unfit), next);
                return;
            }
            List<LogRecord> first = records.subList(0, records.size() / 2);
            fold(log, session, first, offsetsAfter(first));
            fold(log, session, records.subList(first.size(), records.size()), next);
        }
    }

    private static Map<Partition, Long> offsetsAfter(List<LogRecord> records) {
        Map<Partition, Long> next = new HashMap<>();
        for (LogRecord record : records) {
            LogPosition at = record.position();
            next.put(new Partition(at.topic(), at.partition()), at.offset() + 1);
        }
        return next;
    }

    /** Says what is wrong once, not every second. */
    private void trouble(String message, @Nullable RuntimeException cause) {
        String seen = message + (cause == null ? "" : cause.toString());
        if (!seen.equals(lastTrouble)) {
            LOGGER.warn("{}; trying again every {} s", message, PAUSE.toSeconds(), cause);
            lastTrouble = seen;
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void pause() {
        try {
            boolean stopped = stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (stopped) {
                LOGGER.info("the projector ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }
}
