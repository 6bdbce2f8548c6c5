package dev.holdfast.scheduler.streams;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The clients that Streams would make for itself, but the one that a stream thread sleeps in wakes when something is due. */
public final class WakingClients implements KafkaClientSupplier {

    private final WakeUps wakeUps;
    private final Clock clock;

    /** Clients for one Streams application. */
    public WakingClients(WakeUps wakeUps, Clock clock) {
        this.wakeUps = wakeUps;
        this.clock = clock;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new WakingConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    private final class WakingConsumer extends KafkaConsumer<byte[], byte[]> {

        private boolean busy;

        WakingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
