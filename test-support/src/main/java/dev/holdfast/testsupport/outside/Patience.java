package dev.holdfast.testsupport.outside;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waits for conditions, never for time. The limit is what a very busy machine needs; a story usually takes seconds. */
public final class Patience {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private Patience() {}

    /**
     * Returns as soon as the assertion holds.
     *
     * @param what it is that is waited for, for the message of a story that fails
     */
    public static void until(String what, ThrowingRunnable assertion) {
        Awaitility.await(what).atMost(LIMIT).pollInterval(INTERVAL).untilAsserted(assertion);
    }
}
