package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packaged schedulers that come to a log which others have filled. */
class LostStateIT {

    private static final int STANZAS = 24;
    private static final String APPLICATION = "holdfast-scheduler";
    private static final String PROBE = "probe of ";

    @TempDir
    private Path folder;

    @Test
    void whoComesToAnOldLogStartsNoStormAndDeclaresNothingAgain() throws ExecutionException, InterruptedException {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka)) {
                String before;
                try (RunningScheduler first = RunningScheduler.started(kafka, folder.resolve("first"), Map.of())
                        .awaitReady()) {
                    fill(first, log);
                    before = decided(log);
                    assertThat(first.exitCodeWhenAsked()).isPresent();
                    assertThat(members(kafka))
                            .as("who was told to stop has left the group: nobody waits for it")
                            .isEmpty();
                }
                // its folder is gone: the changelog has everything
                assertNothingNew(kafka, log, before, "second", Map.of());
                // its state is gone, too: the log has everything
                assertNothingNew(
                        kafka, log, before, "third", Map.of("HOLDFAST_SCHEDULER_APPLICATION_ID", "holdfast-anew"));
            }
        }
    }

    private static List<MemberDescription> members(KafkaConnection kafka)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.common())) {
            return admin.describeConsumerGroups(List.of(APPLICATION)).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .toList();
        }
    }

    private void assertNothingNew(
            KafkaConnection kafka, EventLog log, String before, String name, Map<String, String> further) {
        try (RunningScheduler fresh = RunningScheduler.started(kafka, folder.resolve(name), further)
                .awaitReady()
                .awaitRead()) {
            everyLaneGoesOn(log, name);
            assertThat(decided(log)).as(name).isEqualTo(before);
            assertThat(fresh.get("/api/v1/policies/old-0").statusCode()).isEqualTo(200);
        }
    }

    /** Slots, proofs, declarations and broken objectives for each of many stanzas. */
    private static void fill(RunningScheduler scheduler, EventLog log) {
        for (int i = 0; i < STANZAS; i++) {
            String stanza = "old-" + i;
            scheduler.apply("""
                    stanza: %s
                    timezone: UTC
                    backups: [{name: yearly, type: full, cron: "0 0 1 1 *"}]
                    restoreTests: [{name: after-full, after: {type: full}, target: backup-end}]
                    objectives: {proofAge: 1s}
                    """.formatted(stanza));
            UUID done = UUID.randomUUID();
            log.publish(Events.backupRequested(stanza).setRequestId(done).build());
            log.publish(Events.backupStarted(stanza, done).build());
            log.publish(Events.backupCompleted(stanza, done).build());
            log.publish(Events.backupRequested(stanza).build());
        }
        for (int i = 0; i < STANZAS; i++) {
            String stanza = "old-" + i;
            log.await(RestoreTestRequested.class, test -> test.getStanza().equals(stanza));
            log.await(ObjectiveBreached.class, breached -> breached.getStanza().equals(stanza));
            log.await(RequestUnserved.class, unserved -> unserved.getStanza().equals(stanza));
        }
        everyLaneGoesOn(log, "first");
    }

    /** One more request of each stanza is answered: every task has done what it had to do before. */
    private static void everyLaneGoesOn(EventLog log, String name) {
        List<BackupRequested> probes = IntStream.range(0, STANZAS)
                .mapToObj(i -> Events.backupRequested("old-" + i)
                        .setReason(PROBE + name)
                        .build())
                .toList();
        probes.forEach(log::publish);
        probes.forEach(probe ->
                log.await(RequestUnserved.class, given -> given.getRequestId().equals(probe.getRequestId())));
    }

    /** All that schedulers wrote but for answers to probes, in words. */
    private static String decided(EventLog log) {
        var probes = log.all(BackupRequested.class).stream()
                .filter(request -> request.getReason().startsWith(PROBE))
                .map(BackupRequested::getRequestId)
                .toList();
        StringBuilder words = new StringBuilder();
        for (SpecificRecord event : log.events()) {
            boolean probe = event instanceof RequestUnserved unserved && probes.contains(unserved.getRequestId());
            boolean own = event instanceof RequestUnserved
                    || event instanceof SlotConcluded
                    || event instanceof RestoreTestRequested
                    || event instanceof ObjectiveBreached;
            if (own && !probe) {
                words.append(event).append('\n');
            }
        }
        return words.toString();
    }
}
