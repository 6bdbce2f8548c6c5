package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * R5: numbered requests and the fact that ends each, while broker, registry, PostgreSQL and the catalog itself are killed in turn. What was acknowledged
 * must be one row each, in its final state, and nothing else may be there.
 */
final class LossFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String DATABASE = "numbered";
    private static final int STANZAS = 100;

    private final Figures figures = new Figures("R5");
    private final Lab lab;
    private final int requests;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private LossFigure(Lab lab, int requests) {
        this.lab = lab;
        this.requests = requests;
    }

    /**
     * Measures.
     *
     * @param requests how many; each has two events
     * @throws IllegalStateException if a fact was lost, doubled or made up
     */
    static void measure(int requests) {
        try (Lab lab = Lab.open()) {
            lab.cluster().createDatabase(DATABASE);
            new LossFigure(lab, requests).run();
        }
    }

    private void run() {
        long seed = System.nanoTime();
        figures.line("seed of the stops: " + seed);
        Thread publisher = Thread.ofPlatform().daemon().start(this::publish);
        RunningCatalog catalog = lab.catalog(DATABASE);
        try {
            Random random = new Random(seed);
            Map<String, Integer> stops = new HashMap<>();
            for (int turn = 0; publisher.isAlive() || rows("true") < requests; turn++) {
                Waiting.pause(1_000 + random.nextInt(4_000));
                catalog = stop(turn % 4, catalog, stops);
            }
            Waiting.until(
                    "every request has ended in the catalog", PATIENCE, () -> rows("state = 'FAILED'") == requests);
            catalog.awaitCaughtUp();
            report(stops);
        } finally {
            catalog.close();
        }
    }

    private RunningCatalog stop(int what, RunningCatalog catalog, Map<String, Integer> stops) {
        stops.merge(new String[] {"broker", "registry", "PostgreSQL", "catalog"}[what], 1, Integer::sum);
        switch (what) {
            case 0 -> {
                lab.broker().crash();
                lab.broker().startAgain();
            }
            case 1 -> {
                lab.registry().stop();
                Waiting.pause(1_000);
                lab.registry().start();
            }
            case 2 -> {
                lab.cluster().kill();
                lab.cluster().start();
            }
            default -> {
                catalog.process().kill9();
                return lab.catalog(DATABASE);
            }
        }
        return catalog;
    }

    private void report(Map<String, Integer> stops) {
        String numbered = "(requested ->> 'reason')::int between 0 and " + (requests - 1);
        long lost = requests
                - number("select count(distinct requested ->> 'reason') from holdfast.requests where " + numbered);
        long phantoms = rows("(" + numbered + ") is not true");
        long doubled =
                number("select count(*) from holdfast.events where type <> 'RunnerAnnounced'") - acknowledged.get();
        figures.line("%,d requests sent, %,d records acknowledged, %,d refused; stops: %s"
                .formatted(requests, acknowledged.get(), refused.get(), stops));
        figures.line("lost: %d, phantoms: %d, doubled events: %d".formatted(lost, phantoms, doubled));
        if (lost != 0 || phantoms != 0 || doubled != 0 || refused.get() != 0) {
            throw new IllegalStateException("the catalog is not what was acknowledged");
        }
    }

    private long number(String sql) {
        return Long.parseLong(lab.cluster().sqlIn(DATABASE, sql).getFirst());
    }

    private long rows(String condition) {
        try {
            return number("select count(*) from holdfast.requests where " + condition);
        } catch (IllegalStateException notYet) {
            // the table is not there yet
            return 0;
        }
    }

    private void publish() {
        Map<String, Object> settings = new HashMap<>(lab.kafka().producer("bench-numbered"));
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(settings)) {
            for (int number = 0; number < requests; number++) {
                String stanza = Lives.stanza(number % STANZAS);
                UUID id = UUID.randomUUID();
                send(
                        producer,
                        Events.backupRequested(stanza)
                                .setRequestId(id)
                                .setReason(String.valueOf(number))
                                .build());
                send(producer, Events.backupFailed(stanza, id).build());
                if (number % 100 == 0) {
                    // spread over the stops
                    Waiting.pause(100);
                }
            }
        }
    }

    private void send(KafkaProducer<String, SpecificRecord> producer, SpecificRecord event) {
        Future<RecordMetadata> _ = producer.send(
                EventRecords.of(event, Causation.none()),
                (sent, failure) -> (failure == null ? acknowledged : refused).incrementAndGet());
    }
}
