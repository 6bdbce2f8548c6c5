package dev.holdfast.scheduler.streams;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Streams would make for itself, but the one that a stream thread sleeps in wakes when something is due,
 * and all of them can be given up: a thread that sleeps by a clock which was set back would not hear that it shall end.
 */
public final class WakingClients implements KafkaClientSupplier {

    /** How long an abandoned consumer keeps its thread, which comes back until it has heard that it shall end. */
    private static final Duration REST = Duration.ofMillis(20);

    private final WakeUps wakeUps;
    private final Clock clock;
    private final Set<Consumer<byte[], byte[]>> consumers = ConcurrentHashMap.newKeySet();
    private volatile boolean abandoned;

    /** Clients for one Streams application. */
    public WakingClients(WakeUps wakeUps, Clock clock) {
        this.wakeUps = wakeUps;
        this.clock = clock;
    }

    /** From now on no consumer waits for anything: the application is about to be closed. Called by any thread. */
    public void abandon() {
        abandoned = true;
        consumers.forEach(Consumer::wakeup);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new WakingConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new LeavingConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new LeavingConsumer(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    /** Comes back from its waits when it is abandoned. */
    private class LeavingConsumer extends KafkaConsumer<byte[], byte[]> {

        LeavingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumers.add(this);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration most) {
            if (abandoned) {
                LockSupport.parkNanos(REST.toNanos());
                return ConsumerRecords.empty();
            }
            try {
                return super.poll(most);
            } catch (WakeupException e) {
                if (!abandoned) {
                    throw e;
                }
                return ConsumerRecords.empty();
            }
        }

        @Override
        public void close() {
            consumers.remove(this);
            super.close();
        }

        @Override
        @Deprecated
        public void close(Duration timeout) {
            consumers.remove(this);
            super.close(timeout);
        }

        @Override
        public void close(CloseOptions options) {
            consumers.remove(this);
            super.close(options);
        }
    }

    private final class WakingConsumer extends LeavingConsumer {

        private boolean busy;

        WakingConsumer(Map<String, Object> config) {
            super(config);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration most) {
            Duration sleep = wakeUps.sleep(clock.instant(), busy);
            ConsumerRecords<byte[], byte[]> records = super.poll(sleep.compareTo(most) < 0 ? sleep : most);
            busy = !records.isEmpty();
            return records;
        }
    }
}
