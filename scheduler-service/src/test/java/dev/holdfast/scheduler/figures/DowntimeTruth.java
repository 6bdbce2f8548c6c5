package dev.holdfast.scheduler.figures;

import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.MissedRule;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.OverlapRule;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.cron.DebianCron;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.PolicyEvents;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The figure R8 of {@code bench/run}: slots with exactly one fact after the scheduler was away.
 *
 * <p>Each stanza's policy lies in the log since a moment that is a minute to three days before the scheduler first starts, in
 * a random zone, with a random schedule and a random rule for missed slots. Which slots there have been since is told by
 * {@link DebianCron}.
 *
 * <p>Arguments: {@code publish|count STANZAS NOW}, NOW being the same epoch second both times. {@code count} waits for what is
 * due by the time it begins, prints one line, and ends with 1 unless every slot has exactly one fact.
 */
public final class DowntimeTruth {

    private static final PrintStream OUT = System.out;
    private static final String SCHEDULE = "some";
    private static final long LEAST_SECONDS = 60;
    private static final long MOST_SECONDS = 3 * 86_400;
    private static final int MOST_SLOTS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> ZONES =
            ZoneId.getAvailableZoneIds().stream().sorted().toList();

    private final KafkaConnection connection;
    private final List<Case> cases;

    private DowntimeTruth(KafkaConnection connection, int stanzas, Instant now) {
        this.connection = connection;
        this.cases = IntStream.range(0, stanzas)
                .mapToObj(number -> Case.of(number, now))
                .toList();
    }

    /** One stanza: {@code since} is when its policy came into force. */
    private record Case(
            String stanza,
            String cron,
            ZoneId zone,
            Instant since,
            MissedRule missed,
            boolean within,
            long jitterSeconds) {

        static Case of(int number, Instant now) {
            RandomGenerator random = RandomExpression.random(7_000_000L + number);
            // as many outages of minutes as of hours and of days
            double share = random.nextDouble();
            long away = Math.round(LEAST_SECONDS * Math.pow((double) MOST_SECONDS / LEAST_SECONDS, share));
            Instant since = now.minusSeconds(away);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            MissedRule missed = List.of(MissedRule.SKIP, MissedRule.RUN_ONCE, MissedRule.RUN_ALL)
                    .get(random.nextInt(3));
            String cron = away < 7_200 ? "* * * * *" : expression(random, zone, since, now);
            return new Case(
                    "away-" + number,
                    cron,
                    zone,
                    since,
                    missed,
                    random.nextBoolean(),
                    random.nextBoolean() ? 0 : random.nextInt(1, 600));
        }

        private static String expression(RandomGenerator random, ZoneId zone, Instant since, Instant now) {
            String expression;
            do {
                expression = RandomExpression.of(random.nextInt(5_000));
            } while (new DebianCron(expression, zone).runs(since, now).size() > MOST_SLOTS);
            return expression;
        }

        Instant fires(Instant slot) {
            if (jitterSeconds == 0) {
                return slot;
            }
            long hash = Ids.derived("jitter", stanza, SCHEDULE).getLeastSignificantBits();
            return slot.plusMillis(Long.remainderUnsigned(hash, jitterSeconds * 1_000));
        }

        List<Instant> slots(Instant until) {
            return new DebianCron(cron, zone).runs(since, until);
        }

        Policy policy() {
            PolicyDefinition.Builder definition = PolicyDefinition.newBuilder()
                    .setTimezone(zone.getId())
                    .setBackups(List.of(new BackupSchedule(SCHEDULE, BackupType.FULL, cron, null)))
                    .setMissed(missed)
                    // queued slots would wait for runners, of which there are none
                    .setOverlap(OverlapRule.SKIP)
                    .setJitterSeconds(jitterSeconds)
                    .setObjectives(Objectives.newBuilder().build());
            if (within) {
                definition.setMissedWithinSeconds(43_200L);
            }
            PolicyDefinition built = definition.build();
            return PolicyEvents.policy(stanza)
                    .setOccurredAt(since)
                    .setDefinition(built)
                    .setDigest(Ids.derived(built.toString()).toString())
                    .build();
        }
    }

    /** Does what the arguments say. */
    public static void main(String[] args) {
        DowntimeTruth truth = new DowntimeTruth(
                KafkaConnection.from(System.getenv()),
                Integer.parseInt(args[1]),
                Instant.ofEpochSecond(Long.parseLong(args[2])));
        switch (args[0]) {
            case "publish" -> truth.publish();
            case "count" -> truth.count();
            default -> throw new IllegalArgumentException("publish or count, not " + args[0]);
        }
    }

    private void publish() {
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(connection.producer("downtime"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Case one : cases) {
                ProducerRecord<String, SpecificRecord> record = EventRecords.of(one.policy(), Causation.none());
                sent.add(producer.send(new ProducerRecord<>(
                        record.topic(),
                        null,
                        one.since().toEpochMilli(),
                        record.key(),
                        record.value(),
                        record.headers())));
            }
            producer.flush();
            if (!sent.stream().allMatch(one -> one.state() == Future.State.SUCCESS)) {
                throw new IllegalStateException("Kafka has not taken all policies");
            }
        }
    }

    private void count() {
        Instant begin = Instant.now();
        Map<String, List<Instant>> wanted = new HashMap<>();
        cases.forEach(one -> wanted.put(
                one.stanza(),
                one.slots(begin).stream()
                        .filter(slot -> !one.fires(slot).isAfter(begin))
                        .toList()));
        int slots = wanted.values().stream().mapToInt(List::size).sum();
        Map<String, Map<Instant, Integer>> found = new HashMap<>();
        int early = readUntil(wanted, found, begin.plus(PATIENCE));
        int missing = 0;
        int repeated = 0;
        int foreign = 0;
        for (Case one : cases) {
            Map<Instant, Integer> facts = found.getOrDefault(one.stanza(), Map.of());
            missing += (int) wanted.get(one.stanza()).stream()
                    .filter(slot -> !facts.containsKey(slot))
                    .count();
            repeated += (int) facts.values().stream().filter(times -> times > 1).count();
            List<Instant> real = one.slots(Instant.now());
            foreign += (int)
                    facts.keySet().stream().filter(slot -> !real.contains(slot)).count();
        }
        int right = slots - missing - repeated;
        OUT.printf(
                "%d stanzas, %d slots: %d with exactly one fact (%.3f %%), %d without, %d with several; %d facts of no slot, %d early%n",
                cases.size(), slots, right, 100.0 * right / slots, missing, repeated, foreign, early);
        if (missing + repeated + foreign + early > 0) {
            System.exit(1);
        }
    }

    /** Reads facts until none is missing and nothing more comes; gives how many were early. */
    private int readUntil(
            Map<String, List<Instant>> wanted, Map<String, Map<Instant, Integer>> found, Instant deadline) {
        Map<String, Case> byStanza = new HashMap<>();
        cases.forEach(one -> byStanza.put(one.stanza(), one));
        int missing = wanted.values().stream().mapToInt(List::size).sum();
        int early = 0;
        int quiet = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(connection.consumer("downtime"));
                EventDecoder decoder = new EventDecoder(connection)) {
            List<TopicPartition> all = IntStream.range(0, Topic.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topic.POLICY_EVENTS.wireName(), partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while ((missing > 0 || quiet < 10) && Instant.now().isBefore(deadline)) {
                var records = consumer.poll(Duration.ofMillis(300));
                quiet = records.isEmpty() ? quiet + 1 : 0;
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (decoder.decode(record.topic(), record.value()) instanceof EventDecoder.Event known
                            && known.event() instanceof SlotConcluded fact) {
                        Case one = byStanza.get(fact.getStanza());
                        int times = found.computeIfAbsent(fact.getStanza(), stanza -> new HashMap<>())
                                .merge(fact.getSlot(), 1, Integer::sum);
                        if (times == 1 && wanted.get(fact.getStanza()).contains(fact.getSlot())) {
                            missing--;
                        }
                        if (fact.getOccurredAt().isBefore(one.fires(fact.getSlot()))) {
                            early++;
                        }
                    }
                }
            }
        }
        return early;
    }
}
