package dev.holdfast.bench;

import dev.holdfast.bench.FireWatch.Seen;
import dev.holdfast.schemas.KafkaConnection;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The anchor of the fire skew: the least that makes a record readable at an instant. Sleeps until then, and sends one record
 * in a transaction; a consumer of committed records waits for it.
 */
final class RawTimer {

    private static final String TOPIC = "bench.raw.fires";
    private static final int LONGEST_GAP_MILLIS = 100;

    private RawTimer() {}

    static void measure(KafkaConnection connection, int times, PrintStream out) throws Exception {
        createTopic(connection);
        Map<String, Object> settings = connection.rawProducer("bench-raw-timer");
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-raw-timer");
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
                FireWatch watch = new FireWatch(connection, TOPIC, PeerEffect.PARTITIONS)) {
            producer.initTransactions();
            for (int i = 0; i < times; i++) {
                long due = Micros.now() + 1_000L * random.nextInt(1, LONGEST_GAP_MILLIS);
                TimeUnit.MICROSECONDS.sleep(due - Micros.now());
                producer.beginTransaction();
                var sent = producer.send(new ProducerRecord<>(
                        TOPIC, String.valueOf(i).getBytes(StandardCharsets.UTF_8), new byte[PeerEffect.BYTES]));
                producer.commitTransaction();
                sent.get();
                out.printf("%.3f%n", (readable(watch) - due) / 1e3);
            }
        }
    }

    private static long readable(FireWatch watch) {
        List<Seen> seen = watch.poll();
        while (seen.isEmpty()) {
            seen = watch.poll();
        }
        return seen.getFirst().readable();
    }

    private static void createTopic(KafkaConnection connection) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(connection.common())) {
            if (!admin.listTopics().names().get().contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PeerEffect.PARTITIONS, (short) 1)))
                        .all()
                        .get();
            }
        }
    }
}
