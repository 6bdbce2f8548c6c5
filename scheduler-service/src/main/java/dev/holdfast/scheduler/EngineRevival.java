package dev.holdfast.scheduler;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the engine's thread when it dies. A Kafka that is away for longer than Streams waits, or a clock that jumps, ends
 * the thread, and without another one the scheduler would live and never fire again. What the dead thread had not committed
 * is done anew.
 */
final class EngineRevival implements StreamsUncaughtExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(EngineRevival.class);

    /** So that a thread that dies at once, time after time, does not take a core. */
    private static final Duration BREATH = Duration.ofSeconds(1);

    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        LOGGER.atError()
                .setCause(exception)
                .log("the engine's thread has died and is replaced; if it goes on dying, see what the error names");
        LockSupport.parkNanos(BREATH.toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
