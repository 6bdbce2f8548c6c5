package dev.holdfast.scheduler.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How long a stream thread may sleep. Streams sleeps in its consumer, always for the same time: a short one costs a
 * processor's share for nothing, a long one makes fires late. Here each task says when it has something to do, and the
 * thread sleeps until then.
 *
 * <p>Every thread knows its own tasks only, so that one that has nothing to do is not kept awake by another's backlog.
 */
public final class WakeUps {

    private final Duration shortest;
    private final Duration longest;
    private volatile boolean restless;
    private final ThreadLocal<Map<TaskId, Instant>> tasks = ThreadLocal.withInitial(HashMap::new);

    /**
     * Nobody waits for anything yet.
     *
     * @param shortest how long to sleep while work is under way that nobody has named a time for
     * @param longest how long to sleep at most: the end of a restore, a jump of the clock and the wish to stop are noticed
     *     only between two sleeps
     */
    public WakeUps(Duration shortest, Duration longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** The longest sleep. */
    public Duration longest() {
        return longest;
    }

    /** Whether tasks are on their way, so that nobody sleeps for long; called by any thread. */
    public void restless(boolean given) {
        restless = given;
    }

    /** The task has something to do then, and not before; called by the thread that owns it. */
    void set(TaskId task, Instant at) {
        tasks.get().put(task, at);
    }

    /** The task is no longer this thread's. */
    void forget(TaskId task) {
        tasks.get().remove(task);
    }

    /**
     * How long the calling thread may sleep.
     *
     * @param busy true if it has just been given work, which it must come back to commit
     */
    Duration sleep(Instant now, boolean busy) {
        Map<TaskId, Instant> own = tasks.get();
        Duration most = busy || restless || own.isEmpty() ? shortest : longest;
        for (Instant at : own.values()) {
            if (!at.isAfter(now)) {
                return Duration.ZERO;
            }
            // an instant may be further away than a duration can say
            if (at.isBefore(now.plus(most))) {
                most = Duration.between(now, at);
            }
        }
        return most;
    }
}
