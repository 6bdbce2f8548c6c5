package dev.holdfast.runner.intake;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * When Kafka was last heard. A client that follows a log always has a question under way, and a broker that lives answers it
 * within half a second, if only to say that there is nothing new. Whoever answers no longer refuses connections, is frozen,
 * or is cut off: all three are the same silence here. Safe for many threads.
 */
final class BrokerPulse {

    private static final String GROUP = "consumer-metrics";
    private static final String RECEIVED = "incoming-byte-total";

    private final DoubleSupplier received;
    private final LongSupplier nanos;
    private double last;
    private long heardAt;

    /**
     * @param received how many bytes have come in so far
     * @param nanos a clock that only runs forwards, in nanoseconds
     */
    BrokerPulse(DoubleSupplier received, LongSupplier nanos) {
        this.received = received;
        this.nanos = nanos;
        this.last = received.getAsDouble();
        this.heardAt = nanos.getAsLong();
    }

    /** The pulse of whatever this client talks to. */
    static BrokerPulse of(Consumer<?, ?> consumer) {
        Metric bytes = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(GROUP)
                        && metric.getKey().name().equals(RECEIVED))
                .map(metric -> (Metric) metric.getValue())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("Kafka's client has no metric %s of %s".formatted(RECEIVED, GROUP)));
        return new BrokerPulse(() -> ((Number) bytes.metricValue()).doubleValue(), System::nanoTime);
    }

    /** Looks whether anything has come in. Call it after each poll. */
    synchronized void feel() {
        double now = received.getAsDouble();
        if (now != last) {
            last = now;
            heardAt = nanos.getAsLong();
        }
    }

    /** For how long nothing has come in. */
    synchronized Duration silence() {
        return Duration.ofNanos(nanos.getAsLong() - heardAt);
    }
}
