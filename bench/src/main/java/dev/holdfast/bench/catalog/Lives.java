package dev.holdfast.bench.catalog;

import dev.holdfast.events.BackupStatus;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The lives of backups, as events: asked for on schedule, claimed, made or failed, looked at, and every fourth proven. The times go back over the
 * year before now, evenly, so that the events look as they do after a year.
 */
final class Lives {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final String EVIDENCE = "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\""
            + "QUJDREVGR0g=".repeat(160) + "\",\"signatures\":[]}";
    private static final int TWICE_OF = 10;
    private static final int PROVEN_EVERY = 4;
    private static final int FAILED_EVERY = 20;

    private final int stanzas;
    private final int lives;
    private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /**
     * @param stanzas how many stanzas take turns
     * @param lives how many backups in all
     */
    Lives(int stanzas, int lives) {
        this.stanzas = stanzas;
        this.lives = lives;
    }

    /** Publishes all and returns how many records that were. */
    long publish(KafkaConnection kafka) {
        return publish(kafka, event -> 1);
    }

    /** Publishes all, and about every tenth event twice, as a producer that was not sure does. */
    long publishTwice(KafkaConnection kafka, Random random) {
        return publish(kafka, event -> random.nextInt(TWICE_OF) == 0 ? 2 : 1);
    }

    private long publish(KafkaConnection kafka, ToIntFunction<SpecificRecord> times) {
        Map<String, Object> settings = new HashMap<>(kafka.producer("bench-lives"));
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 50);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        AtomicReference<String> failure = new AtomicReference<>();
        long records = 0;
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(settings)) {
            for (int life = 0; life < lives; life++) {
                for (SpecificRecord event : life(life)) {
                    for (int time = times.applyAsInt(event); time > 0; time--) {
                        records++;
                        send(producer, event, failure);
                    }
                }
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("not all records were published: " + failure.get());
        }
        return records;
    }

    private static void send(
            KafkaProducer<String, SpecificRecord> producer, SpecificRecord event, AtomicReference<String> failure) {
        Future<RecordMetadata> _ = producer.send(EventRecords.of(event, Causation.none()), (sent, problem) -> {
            if (problem != null) {
                failure.set(problem.toString());
            }
        });
    }

    static String stanza(int number) {
        return "stanza-%05d".formatted(number);
    }

    private List<SpecificRecord> life(int number) {
        Instant at = end.minus(YEAR).plus(YEAR.dividedBy(lives).multipliedBy(number));
        String stanza = stanza(number % stanzas);
        UUID request = UUID.randomUUID();
        List<SpecificRecord> events = new ArrayList<>();
        events.add(PolicyEvents.slotConcluded(stanza, request)
                .setOccurredAt(at)
                .setSlot(at)
                .build());
        events.add(Events.backupRequested(stanza)
                .setRequestId(request)
                .setOccurredAt(at)
                .build());
        events.add(Events.backupStarted(stanza, request)
                .setOccurredAt(at.plusMillis(40))
                .build());
        if (number % FAILED_EVERY == FAILED_EVERY - 1) {
            events.add(Events.backupFailed(stanza, request)
                    .setOccurredAt(at.plusSeconds(2))
                    .build());
            return events;
        }
        String label = LABEL.format(at) + "F";
        made(stanza, request, label, at, events);
        if (number % PROVEN_EVERY == 0) {
            proven(stanza, request, label, at.plusSeconds(60), events);
        }
        return events;
    }

    private static void made(String stanza, UUID request, String label, Instant at, List<SpecificRecord> events) {
        Instant finished = at.plusSeconds(10);
        events.add(Events.backupCompleted(stanza, request)
                .setLabel(label)
                .setStatus(BackupStatus.COMPLETE)
                .setOccurredAt(finished)
                .setStartedAt(at)
                .setFinishedAt(finished)
                .build());
        events.add(Events.restorePointCreated(stanza, "after-" + request)
                .setRequestId(request)
                .setLabel(label)
                .setOccurredAt(finished)
                .build());
        events.add(Events.repositoryObserved(stanza)
                .setBackups(List.of(label))
                .setOccurredAt(finished)
                .build());
    }

    private static void proven(String stanza, UUID request, String label, Instant at, List<SpecificRecord> events) {
        UUID test = UUID.randomUUID();
        events.add(ProofEvents.restoreTestRequested(stanza)
                .setRequestId(request)
                .setTestId(test)
                .setBackupLabel(label)
                .setOccurredAt(at)
                .build());
        events.add(ProofEvents.restoreTestStarted(stanza, request, test)
                .setLabel(label)
                .setOccurredAt(at)
                .build());
        events.add(ProofEvents.restoreTestCompleted(stanza, request, test)
                .setLabel(label)
                .setChain(List.of(label))
                .setOccurredAt(at.plusSeconds(6))
                .setStartedAt(at)
                .setFinishedAt(at.plusSeconds(6))
                .setEvidence(EVIDENCE)
                .setEvidenceSha256("ab".repeat(32))
                .build());
    }
}
