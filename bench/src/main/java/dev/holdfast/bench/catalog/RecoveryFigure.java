package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;

/** R6 for the catalog: killed while events come, started again at once; from the kill until the event that was published at the kill is a row. */
final class RecoveryFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String DATABASE = "recovered";

    private final Lab lab;
    private final AtomicBoolean ended = new AtomicBoolean();

    private RecoveryFigure(Lab lab) {
        this.lab = lab;
    }

    /**
     * Measures.
     *
     * @param kills how many
     */
    static void measure(int kills) {
        try (Lab lab = Lab.open()) {
            lab.cluster().createDatabase(DATABASE);
            new RecoveryFigure(lab).run(kills);
        }
    }

    private void run(int kills) {
        double[] millis = new double[kills];
        Thread load = Thread.ofPlatform().daemon().start(this::load);
        RunningCatalog catalog = lab.catalog(DATABASE);
        try (KafkaProducer<String, SpecificRecord> producer =
                new KafkaProducer<>(lab.kafka().producer("bench-marks"))) {
            catalog.awaitCaughtUp();
            for (int kill = 0; kill < kills; kill++) {
                catalog.process().kill9();
                long from = System.nanoTime();
                UUID mark = publish(producer);
                catalog = lab.catalog(DATABASE);
                Waiting.until("the mark is a row", PATIENCE, () -> isThere(mark));
                millis[kill] = (System.nanoTime() - from) / 1e6;
            }
        } finally {
            ended.set(true);
            catalog.close();
        }
        join(load);
        new Figures("R6")
                .line("catalog, kill -9 until all that was published is projected: "
                        + Figures.statistics(millis, "ms"));
    }

    /** About a hundred events a second. */
    private void load() {
        try (KafkaProducer<String, SpecificRecord> producer =
                new KafkaProducer<>(lab.kafka().producer("bench-load"))) {
            while (!ended.get()) {
                publish(producer);
                Waiting.pause(10);
            }
        }
    }

    private static UUID publish(KafkaProducer<String, SpecificRecord> producer) {
        UUID id = UUID.randomUUID();
        try {
            producer.send(EventRecords.of(
                            Events.backupFailed(Lives.stanza(1), id).build(), Causation.none()))
                    .get();
            return id;
        } catch (ExecutionException e) {
            throw new IllegalStateException("not published", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean isThere(UUID request) {
        return lab.cluster()
                .sqlIn(DATABASE, "select count(*) from holdfast.requests where request_id = '%s'".formatted(request))
                .getFirst()
                .equals("1");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
