package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupType;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.GroupOffsets;
import dev.holdfast.testsupport.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One runner with a broker, a cluster and a repository of its own, whose requests meet one kill each. */
final class KillingLane implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(KillingLane.class);
    private static final String RUNNER = "one";
    /** Longer than a request of this small cluster takes from its record to its offset. */
    private static final int WHOLE_WAY_MILLIS = 2_500;

    private final long seed;
    private final Random random;
    private final KafkaBroker broker = KafkaBroker.ownBroker();
    private final RunnerStage stage = RunnerStage.open(broker, Map.of());
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    private final List<UUID> requests = new ArrayList<>();
    private final List<Long> recoveries = new ArrayList<>();
    private int uncommitted;
    private AppProcess runner = stage.runner(RUNNER);

    /** How far a request is when something is killed. */
    enum Point {
        /** Anywhere on the whole way. */
        ANYWHERE,
        /** Claimed, and pgBackRest has not begun. */
        CLAIMED,
        /** pgBackRest is at it. */
        RUNNING,
        /** The backup is made, and nobody knows yet. */
        MADE,
        /** The fact is in the log, the offset perhaps not. */
        TOLD
    }

    /** What is killed. */
    enum Victim {
        RUNNER(List.of(Point.values())),
        /** It lives from the claim to the end of the backup. */
        PGBACKREST(List.of(Point.CLAIMED, Point.RUNNING, Point.MADE)),
        BROKER(List.of(Point.values()));

        private final List<Point> points;

        Victim(List<Point> points) {
            this.points = points;
        }
    }

    /** A kill that is to be made. */
    record Kill(Victim victim, Point point) {}

    /** A lane that draws its moments from a seed. */
    KillingLane(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** All kills there are, each victim and point as often as any other, in an order that the seed says. */
    static List<Kill> schedule(int kills, long seed) {
        List<Kill> schedule = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            Victim victim = Victim.values()[i % Victim.values().length];
            List<Point> points = victim.points;
            schedule.add(new Kill(victim, points.get(i / Victim.values().length % points.size())));
        }
        Collections.shuffle(schedule, new Random(seed));
        return schedule;
    }

    @Override
    public void close() {
        stage.close();
        broker.close();
    }

    /** Makes these kills; fails where a request has not one backup and one end, or something is left. */
    Leftovers suffer(List<Kill> schedule) throws Exception {
        // what the later ones build on
        requests.add(stage.publish(stage.request().build()));
        stage.awaitCompleted(requests.getFirst());

        for (Kill kill : schedule) {
            LOGGER.info("{} {}", stage.stanza(), kill);
            strike(kill);
        }

        assertOneBackupForEachRequest();
        stage.runsOf(RUNNER).awaitNone();
        runner.close();
        Awaitility.await("nothing is left, seed " + seed)
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(stage.leftoversOf(RUNNER))
                        .isEqualTo(new Leftovers(List.of(), List.of(), List.of())));
        return stage.leftoversOf(RUNNER);
    }

    private void strike(Kill kill) throws Exception {
        prepare(kill.point());
        BackupRequested request = stage.request()
                // long enough to be struck while it runs
                .setType(kill.point() == Point.RUNNING ? BackupType.FULL : BackupType.INCR)
                .build();
        UUID id = request.getRequestId();
        requests.add(id);
        RecordMetadata place = stage.log().publish(request);
        awaitPoint(kill.point(), id);
        // in this order: a look at the log takes longer than an offset
        boolean told = kill.point() == Point.TOLD || !stage.endingsOf(id).isEmpty();
        Instant killed = Instant.now();

        boolean struck = killed(kill.victim());

        stage.gate().letBegin();
        stage.gate().letEnd();
        if (struck) {
            kills.merge(kill.victim(), 1, Integer::sum);
        }
        if (kill.equals(new Kill(Victim.RUNNER, Point.TOLD)) && !isCommitted(place)) {
            uncommitted++;
        }
        bringBack(kill.victim());
        BackupCompleted completed = stage.awaitCompleted(id);
        if (!told && kill.victim() != Victim.BROKER) {
            Instant workEnded = completed.getFinishedAt();
            Instant since = workEnded.isAfter(killed) ? workEnded : killed;
            recoveries.add(Duration.between(since, Instant.now()).toMillis());
        }
    }

    private void prepare(Point point) {
        switch (point) {
            case CLAIMED -> stage.gate().holdBefore();
            case MADE -> stage.gate().holdAfter();
            case ANYWHERE, RUNNING, TOLD -> LOGGER.debug("nothing is held");
        }
    }

    private void awaitPoint(Point point, UUID id) throws InterruptedException {
        switch (point) {
            // the moment is the fault that is injected: nothing is waited for
            case ANYWHERE -> TimeUnit.MILLISECONDS.sleep(random.nextInt(WHOLE_WAY_MILLIS));
            case CLAIMED -> stage.gate().awaitHeldBefore();
            case RUNNING -> stage.runsOf(RUNNER).awaitOutputOf(id, "backup start archive");
            case MADE -> stage.gate().awaitHeldAfter();
            case TOLD -> stage.awaitCompleted(id);
        }
    }

    private boolean killed(Victim victim) {
        return switch (victim) {
            case RUNNER -> {
                runner.kill9();
                yield true;
            }
            case PGBACKREST -> Signals.killGroup(stage.runsOf(RUNNER).child());
            case BROKER -> {
                broker.crash();
                yield true;
            }
        };
    }

    private void bringBack(Victim victim) {
        switch (victim) {
            case RUNNER -> runner = stage.ailingRunner(RUNNER);
            case PGBACKREST -> LOGGER.debug("the runner makes the next attempt");
            case BROKER -> broker.startAgain();
        }
    }

    /** True if the group has nothing left to read at the record's place; asked while the runner is dead. */
    private boolean isCommitted(RecordMetadata place) {
        return GroupOffsets.isPast(
                broker.connection("mock://not-asked"),
                "holdfast-runner-" + stage.stanza(),
                new TopicPartition(place.topic(), place.partition()),
                place.offset());
    }

    private void assertOneBackupForEachRequest() {
        stage.assertOneBackup(requests.toArray(UUID[]::new));
        assertThat(stage.repository().labels())
                .as("backups in the repository, seed %d", seed)
                .hasSameSizeAs(requests);
        Set<UUID> started = new HashSet<>();
        stage.log().all(BackupStarted.class).forEach(event -> started.add(event.getRequestId()));
        assertThat(started)
                .as("requests that were started, seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(requests);
    }

    /** How many requests were made. */
    int requests() {
        return requests.size();
    }

    /** How many backups the repository holds. */
    int backups() {
        return stage.repository().labels().size();
    }

    /** Of the runners that were killed between fact and offset, how many had not committed it. */
    int uncommitted() {
        return uncommitted;
    }

    /** How often each was killed. */
    Map<Victim, Integer> kills() {
        return Map.copyOf(kills);
    }

    /** From where both kill and backup were over until the fact, milliseconds each. */
    List<Long> recoveries() {
        return List.copyOf(recoveries);
    }
}
