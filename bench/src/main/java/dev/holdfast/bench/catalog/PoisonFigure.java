package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** R9: as much garbage as good facts on the same topic. All good ones become rows, all garbage dead letters with a reason, and it takes no longer. */
final class PoisonFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String DATABASE = "poisoned";
    private static final int GARBAGE_BYTES = 200;

    private final Lab lab;
    private final Meter rows;
    private final int facts;
    private final Random random;
    private long sent;

    private PoisonFigure(Lab lab, Meter rows, int facts, long seed) {
        this.lab = lab;
        this.rows = rows;
        this.facts = facts;
        this.random = new Random(seed);
    }

    /**
     * Measures.
     *
     * @param facts how many good ones, and how many bad
     * @throws IllegalStateException if one of them is not where it belongs
     */
    static void measure(int facts) {
        long seed = System.nanoTime();
        new Figures("R9").line("seed of the garbage: " + seed);
        try (Lab lab = Lab.open()) {
            lab.cluster().createDatabase(DATABASE);
            try (RunningCatalog catalog = lab.catalog(DATABASE)) {
                catalog.awaitCaughtUp();
                try (Meter rows = new Meter(lab.cluster(), DATABASE, "select count(*) from holdfast.requests", 1)) {
                    new PoisonFigure(lab, rows, facts, seed).run();
                }
            }
        }
    }

    private void run() {
        Figures figures = new Figures("R9");
        try (KafkaProducer<String, SpecificRecord> good =
                        new KafkaProducer<>(lab.kafka().producer("bench-good"));
                KafkaProducer<byte[], byte[]> bad =
                        new KafkaProducer<>(lab.kafka().rawProducer("bench-bad"))) {
            latencies(good, bad, false);
            double[] clean = latencies(good, bad, false);
            double[] poisoned = latencies(good, bad, true);
            figures.line("fact appended to row, good ones alone:     " + Figures.statistics(clean, "ms"));
            figures.line("fact appended to row, half garbage:        " + Figures.statistics(poisoned, "ms"));
            figures.line("added at the 99th percentile: %.1f ms"
                    .formatted(Figures.quantile(Figures.sorted(poisoned), 0.99)
                            - Figures.quantile(Figures.sorted(clean), 0.99)));
            long kept = rows.read();
            long dead = deadLetters();
            figures.line("good facts: %d of %d are rows; garbage: %d of %d in the dead-letter topic, each with a reason"
                    .formatted(kept, sent, dead, facts));
            if (kept != sent || dead != facts) {
                throw new IllegalStateException("a good fact or a piece of garbage is not where it belongs");
            }
        }
    }

    /** Milliseconds of each fact from its acknowledgement to its row, one after the other, with a piece of garbage before each. */
    private double[] latencies(
            KafkaProducer<String, SpecificRecord> good, KafkaProducer<byte[], byte[]> bad, boolean poisoned) {
        double[] latencies = new double[facts];
        for (int fact = 0; fact < facts; fact++) {
            if (poisoned) {
                byte[] garbage = new byte[1 + random.nextInt(GARBAGE_BYTES)];
                random.nextBytes(garbage);
                got(bad.send(new ProducerRecord<>(
                        Topic.BACKUP_EVENTS.wireName(), random.nextInt(Topic.PARTITIONS), null, garbage)));
            }
            UUID id = UUID.randomUUID();
            got(good.send(EventRecords.of(
                    Events.backupFailed(Lives.stanza(fact % 100), id).build(), Causation.none())));
            long from = System.nanoTime();
            sent++;
            while (rows.read() < sent) {
                rows.pause();
            }
            latencies[fact] = (System.nanoTime() - from) / 1e6;
        }
        return latencies;
    }

    private long deadLetters() {
        Map<String, Object> settings = new HashMap<>(lab.kafka().consumer("bench-dead-letters"));
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            String topic = Topic.BACKUP_EVENTS.deadLetterName();
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList());
            Waiting.until("all garbage is a dead letter", PATIENCE, () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
                return found.size() >= facts;
            });
        }
        return found.stream().filter(PoisonFigure::hasReason).count();
    }

    private static boolean hasReason(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray())
                .anyMatch(header -> header.key().contains("reason"));
    }

    private static void got(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("not published", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
