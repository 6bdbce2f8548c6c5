package dev.holdfast.bench;

import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Many stanzas with the same policy: a backup at one time of the day, UTC.
 *
 * @param prefix of the stanzas' names, which are numbered from 0
 * @param size how many
 * @param slot when they are due, a whole minute
 * @param jitter over how long their fires are spread; zero for all at once
 */
record Fleet(String prefix, int size, Instant slot, Duration jitter) {

    private static final String SCHEDULE = "nightly";
    private static final Producer BENCH = new Producer("bench", "bench", "");
    private static final Requester REQUESTER = new Requester("bench", PrincipalSource.KAFKA_CLIENT_ASSERTED);
    private static final int STANZAS_A_RUNNER = 5_000;

    /** Reads {@code PREFIX:SIZE:SLOT:JITTER}, times in (epoch) seconds. */
    static Fleet of(String text) {
        String[] parts = text.split(":", -1);
        return new Fleet(
                parts[0],
                Integer.parseInt(parts[1]),
                Instant.ofEpochSecond(Long.parseLong(parts[2])),
                Duration.ofSeconds(Long.parseLong(parts[3])));
    }

    boolean owns(String stanza) {
        return stanza.startsWith(prefix);
    }

    /** When a stanza fires: its slot and its share of the jitter, as the scheduler's documentation says. */
    Instant due(String stanza) {
        if (jitter.isZero()) {
            return slot;
        }
        long hash = Ids.derived("jitter", stanza, SCHEDULE).getLeastSignificantBits();
        return slot.plusMillis(Long.remainderUnsigned(hash, jitter.toMillis()));
    }

    /** Publishes a policy for each stanza, and announces runners that serve them, so that none is called unknown. */
    void publish(KafkaConnection connection) {
        PolicyDefinition definition = definition();
        String digest = Ids.derived(definition.toString()).toString();
        Map<String, Object> settings = connection.producer("bench-fleet");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            announcements().forEach(announced -> sent.add(send(producer, announced)));
            for (int number = 0; number < size; number++) {
                sent.add(send(producer, policy(prefix + number, definition, digest)));
            }
            producer.flush();
            if (!sent.stream().allMatch(one -> one.state() == Future.State.SUCCESS)) {
                throw new IllegalStateException("Kafka has not taken all policies");
            }
        }
    }

    private PolicyDefinition definition() {
        var time = slot.atOffset(ZoneOffset.UTC);
        String cron = "%d %d * * *".formatted(time.getMinute(), time.getHour());
        return PolicyDefinition.newBuilder()
                .setTimezone("UTC")
                .setBackups(List.of(new BackupSchedule(SCHEDULE, BackupType.FULL, cron, null)))
                .setJitterSeconds(jitter.toSeconds())
                .setObjectives(Objectives.newBuilder().build())
                .build();
    }

    private List<RunnerAnnounced> announcements() {
        List<RunnerAnnounced> announcements = new ArrayList<>();
        for (int from = 0; from < size; from += STANZAS_A_RUNNER) {
            Instant now = Instant.now();
            announcements.add(RunnerAnnounced.newBuilder()
                    .setEventId(Ids.newEventId(now))
                    .setOccurredAt(now)
                    .setProducer(BENCH)
                    .setService("runner")
                    .setInstance(prefix + from)
                    .setPool("bench")
                    .setStanzas(IntStream.range(from, Math.min(size, from + STANZAS_A_RUNNER))
                            .mapToObj(number -> prefix + number)
                            .toList())
                    .build());
        }
        return announcements;
    }

    private static Policy policy(String stanza, PolicyDefinition definition, String digest) {
        Instant now = Instant.now();
        return Policy.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setProducer(BENCH)
                .setState(PolicyState.IN_FORCE)
                .setVersion(1)
                .setDigest(digest)
                .setDefinition(definition)
                .setChangedBy(REQUESTER)
                .setReason("bench/run")
                .build();
    }

    private static Future<RecordMetadata> send(KafkaProducer<String, SpecificRecord> producer, SpecificRecord event) {
        return producer.send(EventRecords.of(event, Causation.none()));
    }
}
