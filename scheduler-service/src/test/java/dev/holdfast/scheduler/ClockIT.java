package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packaged scheduler whose clock is set while it runs: under its feet, as a time server does. */
class ClockIT {

    private static final Duration JUMP = Duration.ofMinutes(20);
    private static final Duration BACK = Duration.ofHours(1);

    @TempDir
    private Path folder;

    @Test
    void aClockThatJumpsForthMakesNoSlotFireTwiceNoneEarlyAndLosesNone() throws IOException {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            MovableClock clock = new MovableClock(folder);
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = startedWithABackupEachMinute(kafka, clock, "run-once")) {
                clock.moveToTheNextMinute();
                awaitSlotAfter(log, Instant.EPOCH);
                Instant before = clock.now();
                clock.move(JUMP);
                awaitSlotAfter(log, before.plus(JUMP).minusSeconds(60));

                List<Instant> slots = slots(log);
                assertThat(slots).doesNotHaveDuplicates();
                assertThat(slots)
                        .as("every minute from the first to the last")
                        .isEqualTo(Stream.iterate(
                                        slots.getFirst(),
                                        slot -> !slot.isAfter(slots.getLast()),
                                        slot -> slot.plusSeconds(60))
                                .toList());
                assertThat(log.all(SlotConcluded.class))
                        .allSatisfy(slot ->
                                assertThat(slot.getOccurredAt()).as("not early").isAfterOrEqualTo(slot.getSlot()))
                        .extracting(SlotConcluded::getOutcome)
                        .contains(SlotOutcome.SUPERSEDED);
                assertThat(log.all(BackupRequested.class))
                        .extracting(BackupRequested::getRequestId)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aClockThatIsSetBackRepeatsNoSlotAndStopsNothingElse() throws IOException {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            MovableClock clock = new MovableClock(folder);
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = startedWithABackupEachMinute(kafka, clock, "run-all")) {
                clock.moveToTheNextMinute();
                awaitSlotAfter(log, Instant.EPOCH);

                clock.move(BACK.negated());
                scheduler.awaitLogged("the clock was set back").awaitReadAgain().awaitReady();

                UUID request = askFor("nobodys", scheduler);
                log.await(
                        RequestUnserved.class,
                        unserved -> unserved.getRequestId().equals(request));
                // due behind what was just declared: had a slot come again, it would be there
                assertThat(slots(log)).doesNotHaveDuplicates();
                assertThat(scheduler.get("/actuator/prometheus").body())
                        .contains("holdfast_scheduler_clock_set_back_total 1.0");
                assertThat(scheduler.get("/api/v1/policies/minutely").statusCode())
                        .isEqualTo(200);
            }
        }
    }

    /** What is missed while nobody was there is made up as the policy's word says. */
    private RunningScheduler startedWithABackupEachMinute(KafkaConnection kafka, MovableClock clock, String missed)
            throws IOException {
        RunningScheduler scheduler = RunningScheduler.started(kafka, folder.resolve("scheduler"), clock.environment())
                .awaitReady()
                .awaitRead();
        scheduler.apply("""
                stanza: minutely
                timezone: UTC
                backups: [{name: minutely, type: full, cron: "* * * * *"}]
                missed: {policy: %s}
                """.formatted(missed));
        return scheduler;
    }

    private static UUID askFor(String stanza, RunningScheduler scheduler) {
        HttpResponse<String> answer =
                scheduler.post("/api/v1/backup-requests", "application/json", "{\"stanza\": \"%s\"}".formatted(stanza));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(RunningScheduler.json(answer).get("requestId").asString());
    }

    private static void awaitSlotAfter(EventLog log, Instant instant) {
        Awaitility.await("a slot after " + instant)
                .atMost(RunningScheduler.LIMIT)
                .until(() -> slots(log).stream().anyMatch(slot -> slot.isAfter(instant)));
    }

    private static List<Instant> slots(EventLog log) {
        return log.all(SlotConcluded.class).stream()
                .map(SlotConcluded::getSlot)
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
