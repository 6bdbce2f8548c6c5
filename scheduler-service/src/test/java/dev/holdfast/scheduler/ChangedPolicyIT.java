package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyChanged;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packaged schedulers whose policies are changed at awkward moments. */
class ChangedPolicyIT {

    /** A slot that waits gives way to the next one, which must not come before a slow machine has read the backup's end. */
    private static final Duration APART = Duration.ofMinutes(4);

    private static final int ROUNDS = 8;

    @TempDir
    private Path folder;

    @Test
    void aPolicyThatIsChangedWhileItsBackupRunsNeitherRepeatsNorLosesASlot() throws IOException {
        MovableClock clock = new MovableClock(folder);
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = RunningScheduler.started(
                                    kafka, folder.resolve("changed"), clock.environment())
                            .awaitReady()
                            .awaitRead()) {
                // the runner's clock is the right one, behind the scheduler's: nobody shall be missed meanwhile
                log.publish(Events.runnerAnnounced("runner-1", "running").build());
                scheduler.apply(watched("*/4 * * * *"));
                clock.moveToTheNextSlot(APART);
                BackupRequested running = log.await(BackupRequested.class, request -> true);
                log.publish(
                        Events.backupStarted("running", running.getRequestId()).build());

                String changed = scheduler
                        .apply(watched("0-59/4 * * * *"))
                        .path("digest")
                        .asString();
                // a slot that waits when its schedule is changed would be concluded with the older policy
                awaitTakenIn(kafka, log, changed);
                Instant next = running.getSlot().orElseThrow().plus(APART);
                clock.moveToTheNextSlot(APART);
                // the test's slot of that moment is concluded in the step in which the backup's begins to wait
                log.await(
                        SlotConcluded.class,
                        slot -> slot.getSchedule().equals("watch")
                                && slot.getSlot().equals(next));
                assertThat(log.all(BackupRequested.class)).containsExactly(running);

                log.publish(Events.backupCompleted("running", running.getRequestId())
                        .build());
                SlotConcluded its = log.await(
                        SlotConcluded.class,
                        slot -> slot.getSchedule().equals("backup")
                                && slot.getSlot().equals(next));
                log.await(
                        BackupRequested.class,
                        request -> its.getRequestId()
                                .filter(request.getRequestId()::equals)
                                .isPresent());
                assertThat(its.getReason()).contains("its turn came after another request");
                assertThat(its.getPolicyDigest()).isEqualTo(changed);
                assertThat(log.all(SlotConcluded.class))
                        .extracting(slot -> slot.getSchedule() + " " + slot.getSlot())
                        .doesNotHaveDuplicates();
                assertThat(log.all(BackupRequested.class))
                        .extracting(BackupRequested::getRequestId)
                        .doesNotHaveDuplicates();
            }
        }
    }

    /** A backup, and beside it a restore test at the same moments, which no backup stands in the way of. */
    private static String watched(String cron) {
        return backedUp("running", cron) + "restoreTests: [{name: watch, cron: '*/4 * * * *'}]\n";
    }

    /** Waits until the scheduler goes by the policy with this digest, and not only answers with it. */
    private static void awaitTakenIn(KafkaConnection kafka, EventLog log, String digest) {
        ConsumerRecord<byte[], byte[]> policy = log.entries().stream()
                .filter(entry -> entry.decoded() instanceof EventDecoder.Event(Policy version)
                        && version.getDigest().equals(digest))
                .map(EventLog.Entry::record)
                .findFirst()
                .orElseThrow();
        RunningScheduler.awaitTakenIn(kafka, new TopicPartition(policy.topic(), policy.partition()), policy.offset());
    }

    @Test
    void ofTwoCopiesThatChangeOnePolicyAtTheSameInstantEachSeesWhatTheOtherDid() {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler one = RunningScheduler.started(kafka, folder.resolve("one"), Map.of())
                            .awaitReady();
                    RunningScheduler other = RunningScheduler.started(kafka, folder.resolve("other"), Map.of())
                            .awaitReady()) {
                one.apply(backedUp("contested", "0 0 1 1 *"));
                for (int round = 0; round < ROUNDS; round++) {
                    String seen = tag(log, one);
                    List<HttpResponse<String>> answers = atOnce(
                            () -> put(one, "1 1 * * *", "If-Match", seen),
                            () -> put(other, "2 2 * * *", "If-Match", seen));
                    assertThat(answers)
                            .as("round %d: one wins, the other is told", round)
                            .extracting(HttpResponse::statusCode)
                            .containsExactlyInAnyOrder(200, 412);
                    int first = 3 + round;
                    assertThat(atOnce(() -> put(one, first + " 3 * * *"), () -> put(other, first + " 4 * * *")))
                            .as("round %d: without a condition each is made of the other", round)
                            .extracting(HttpResponse::statusCode)
                            .containsOnly(200);
                }
                assertThat(log.all(PolicyChanged.class))
                        .extracting(PolicyChanged::getVersion)
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, 1 + 3 * ROUNDS).boxed().toList());
                assertThat(log.all(Policy.class))
                        .extracting(Policy::getDigest)
                        .isEqualTo(log.all(PolicyChanged.class).stream()
                                .map(PolicyChanged::getNewDigest)
                                .toList());
            }
        }
    }

    /** The tag of the newest version: a copy reads what the other wrote a moment later. */
    private static String tag(EventLog log, RunningScheduler scheduler) {
        int newest = log.all(PolicyChanged.class).stream()
                .mapToInt(PolicyChanged::getVersion)
                .max()
                .orElse(1);
        return Awaitility.await("version " + newest)
                .atMost(RunningScheduler.LIMIT)
                .until(
                        () -> scheduler
                                .get("/api/v1/policies/contested")
                                .headers()
                                .firstValue("ETag")
                                .orElse(""),
                        tag -> tag.startsWith("\"%d-".formatted(newest)));
    }

    private static HttpResponse<String> put(RunningScheduler scheduler, String cron, String... headers) {
        return scheduler.post("/api/v1/policies", "application/yaml", backedUp("contested", cron), headers);
    }

    @SafeVarargs
    private static List<HttpResponse<String>> atOnce(Supplier<HttpResponse<String>>... calls) {
        List<CompletableFuture<HttpResponse<String>>> running = Stream.of(calls)
                .map(call -> CompletableFuture.supplyAsync(call))
                .toList();
        return running.stream().map(CompletableFuture::join).toList();
    }

    private static String backedUp(String stanza, String cron) {
        return """
                stanza: %s
                timezone: UTC
                backups: [{name: backup, type: full, cron: "%s"}]
                """.formatted(stanza, cron);
    }
}
