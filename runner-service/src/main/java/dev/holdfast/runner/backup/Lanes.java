package dev.holdfast.runner.backup;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane for each stanza: work in it is done one after another, in the order in which it came. Lanes know nothing of each other. */
public final class Lanes implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Lanes.class);

    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    /** Work of a lane. */
    public interface Work {
        /**
         * Does it.
         *
         * @throws InterruptedException if the runner stops meanwhile
         */
        void run() throws InterruptedException;
    }

    private record Lane(BlockingQueue<Work> queue, Thread worker) {}

    /** Appends work to the stanza's lane. Never blocks. */
    public void submit(String stanza, Work work) {
        lanes.computeIfAbsent(stanza, Lanes::open).queue().add(work);
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

    private static Lane open(String stanza) {
        BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
        return new Lane(queue, Thread.ofVirtual().name("lane-" + stanza).start(() -> work(stanza, queue)));
    }

    private static void work(String stanza, BlockingQueue<Work> queue) {
        try {
            while (true) {
                done(stanza, queue.take());
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().addKeyValue("stanza", stanza).log("lane closed");
        }
    }

    /** One request's unforeseen trouble must not end the lane: the record stays unfinished and is delivered again after a restart. */
    private static void done(String stanza, Work work) throws InterruptedException {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("stanza", stanza)
                    .setCause(e)
                    .log("a request could not be served; it stays unfinished until the runner is restarted");
        }
    }
}
