package dev.holdfast.scheduler.streams;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a processor when something is due, once each time. A punctuator at a fixed rate would not do: Streams commits after
 * every punctuation, so each look at the clock would cost a Kafka transaction.
 */
final class Alarm implements AutoCloseable {

    /** A replaced schedule stays in Streams' queue until its time comes, so that time must not be far away. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final ProcessorContext<?, ?> context;
    private final WakeUps wakeUps;
    private final Runnable action;
    private Instant set = Instant.MAX;
    private @Nullable Cancellable schedule;

    /** @param action runs on the task's thread, perhaps early: it looks at the clock itself, and sets the alarm again */
    Alarm(ProcessorContext<?, ?> context, WakeUps wakeUps, Runnable action) {
        this.context = context;
        this.wakeUps = wakeUps;
        this.action = action;
    }

    /** Rings then, if it does not ring earlier anyway. */
    void noLaterThan(Instant at, Instant now) {
        Instant latest = now.plus(LONGEST);
        Instant wanted = at.isBefore(latest) ? at : latest;
        if (!wanted.isBefore(set)) {
            return;
        }
        if (schedule != null) {
            schedule.cancel();
        }
        // whole milliseconds, upwards: not to wake just before it
        long millis =
                Math.max(1, Duration.between(now, wanted).plusNanos(999_999).toMillis());
        schedule = context.schedule(Duration.ofMillis(millis), PunctuationType.WALL_CLOCK_TIME, ignored -> ring());
        set = now.plusMillis(millis);
        wakeUps.set(context.taskId(), set);
    }

    private void ring() {
        if (schedule != null) {
            schedule.cancel();
            schedule = null;
        }
        set = Instant.MAX;
        action.run();
    }

    @Override
    public void close() {
        if (schedule != null) {
            schedule.cancel();
        }
        wakeUps.forget(context.taskId());
    }
}
