package dev.holdfast.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the machine's clock was set back, by a clock that only ever goes forward. Kafka's clients measure their waits
 * by the machine's clock: after such a step they would stand still until it has come so far again.
 *
 * <p>Looked at by one thread, asked by any.
 */
final class ClockWatch {

    /** A clock that is only corrected goes back by less, and the clients wait no longer than that. */
    static final Duration TOLERATED = Duration.ofSeconds(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Logger LOGGER = LoggerFactory.getLogger(ClockWatch.class);

    private final Clock clock;
    private final LongSupplier nanos;
    private final AtomicInteger times = new AtomicInteger();
    private volatile @Nullable SetBack last;
    private Reading before;

    /** Both clocks at one moment. */
    private record Reading(Instant wall, long nanos) {}

    /**
     * A step back.
     *
     * @param from what the clock would have said
     * @param to what it says
     */
    record SetBack(Instant from, Instant to) {

        Duration by() {
            return Duration.between(to, from);
        }
    }

    /**
     * Begins to compare.
     *
     * @param clock the machine's
     * @param nanos nanoseconds since some moment, never going back
     */
    ClockWatch(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.before = read();
    }

    private Reading read() {
        return new Reading(clock.instant(), nanos.getAsLong());
    }

    /** Waits until the clock is set back, and says so in the log. */
    SetBack await() throws InterruptedException {
        Optional<SetBack> found = look();
        while (found.isEmpty()) {
            Thread.sleep(BETWEEN_LOOKS);
            found = look();
        }
        LOGGER.atError()
                .addKeyValue("from", found.get().from())
                .addKeyValue("to", found.get().to())
                .log(
                        "the clock was set back; the scheduler begins anew, because Kafka's clients would wait until it has come so far again. No slot is repeated. See what sets this machine's clock");
        return found.get();
    }

    /** A step back since the last look; empty if there was none. */
    Optional<SetBack> look() {
        Reading now = read();
        Instant expected = before.wall().plusNanos(now.nanos() - before.nanos());
        before = now;
        SetBack found = new SetBack(expected, now.wall());
        if (found.by().compareTo(TOLERATED) <= 0) {
            return Optional.empty();
        }
        last = found;
        times.incrementAndGet();
        return Optional.of(found);
    }

    /** How often the clock was set back since this process began. */
    int times() {
        return times.get();
    }

    /** The last time; empty if it never was. */
    Optional<SetBack> last() {
        return Optional.ofNullable(last);
    }
}
