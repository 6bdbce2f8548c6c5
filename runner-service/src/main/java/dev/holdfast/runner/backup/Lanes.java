package dev.holdfast.runner.backup;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane for each stanza: work in it is done one after another, in the order in which it came. Lanes know nothing of each other. */
public final class Lanes implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Lanes.class);

    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final List<Duration> pauses;

    /** Work of a lane. */
    public interface Work {
        /**
         * Does it.
         *
         * @throws InterruptedException if the runner stops meanwhile
         */
        void run() throws InterruptedException;
    }

    /** What is done instead when work fails again and again. */
    public interface LastResort {
        /**
         * Does it.
         *
         * @param trouble what the last try failed with
         * @throws InterruptedException if the runner stops meanwhile
         */
        void after(RuntimeException trouble) throws InterruptedException;
    }

    private record Task(Work work, LastResort lastResort) {}

    private record Lane(BlockingQueue<Task> queue, Thread worker) {}

    /** Lanes that try work again after a second, five, and half a minute. */
    public Lanes() {
        this(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }

    /**
     * @param pauses how long to wait before each further try of work that fails
     */
    Lanes(List<Duration> pauses) {
        this.pauses = List.copyOf(pauses);
    }

    /** Appends work to the stanza's lane. Never blocks. */
    public void submit(String stanza, Work work, LastResort lastResort) {
        lanes.computeIfAbsent(stanza, this::open).queue().add(new Task(work, lastResort));
    }

    /** Stops taking up work and interrupts what is being done. */
    @Override
    public void close() {
        lanes.values().forEach(lane -> lane.worker().interrupt());
        for (Lane lane : lanes.values()) {
            try {
                lane.worker().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Lane open(String stanza) {
        BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
        return new Lane(queue, Thread.ofVirtual().name("lane-" + stanza).start(() -> work(stanza, queue)));
    }

    private void work(String stanza, BlockingQueue<Task> queue) {
        try {
            while (true) {
                done(stanza, queue.take());
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().addKeyValue("stanza", stanza).log("lane closed");
        }
    }

    /** Unforeseen trouble, such as a full disk under the runner's own folder, is given time to pass, and ends no lane. */
    private void done(String stanza, Task task) throws InterruptedException {
        Iterator<Duration> left = pauses.iterator();
        Optional<RuntimeException> trouble = tried(stanza, task.work());
        while (trouble.isPresent() && left.hasNext()) {
            TimeUnit.MILLISECONDS.sleep(left.next().toMillis());
            trouble = tried(stanza, task.work());
        }
        if (trouble.isPresent()) {
            RuntimeException last = trouble.get();
            tried(stanza, () -> task.lastResort().after(last))
                    .ifPresent(again -> LOGGER.atError()
                            .addKeyValue("stanza", stanza)
                            .log("a request stays unfinished until the runner is restarted"));
        }
    }

    private static Optional<RuntimeException> tried(String stanza, Work work) throws InterruptedException {
        try {
            work.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue("stanza", stanza).setCause(e).log("a request could not be served");
            return Optional.of(e);
        }
    }
}
