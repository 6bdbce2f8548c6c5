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
    private static final List<String> STANZAS = List.of("once", "all");

    @TempDir
    private Path folder;

    @Test
    void aClockThatIsSetForthOrBackMakesNoSlotFireTwiceNoneEarlyAndLosesNone() throws IOException {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            MovableClock clock = new MovableClock(folder);
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = RunningScheduler.started(
                                    kafka, folder.resolve("scheduler"), clock.environment())
                            .awaitReady()
                            .awaitRead()) {
                scheduler.apply(eachMinute("once", "run-once"));
                scheduler.apply(eachMinute("all", "run-all"));
                clock.moveToTheNextMinute();
                awaitSlotsAfter(log, Instant.EPOCH);

                Instant before = clock.now();
                clock.move(JUMP);
                awaitSlotsAfter(log, before.plus(JUMP).minusSeconds(60));
                everySlotHasOneFactAndNoneIsEarly(log);
                assertThat(outcomes(log, "once")).contains(SlotOutcome.SUPERSEDED);
                assertThat(outcomes(log, "all")).contains(SlotOutcome.CAUGHT_UP);

                clock.move(BACK.negated());
                scheduler.awaitReadAfter("the clock was set back").awaitReady();
                everythingElseGoesOn(scheduler, log);
                // due behind what was just declared: had a slot come again, it would be there
                everySlotHasOneFactAndNoneIsEarly(log);
            }
        }
    }

    /** What is missed while nobody was there is made up as the policy's word says. */
    private static String eachMinute(String stanza, String missed) {
        return """
                stanza: %s
                timezone: UTC
                backups: [{name: minutely, type: full, cron: "* * * * *"}]
                missed: {policy: %s}
                """.formatted(stanza, missed);
    }

    private static void everySlotHasOneFactAndNoneIsEarly(EventLog log) {
        for (String stanza : STANZAS) {
            List<Instant> slots = slots(log, stanza);
            assertThat(slots)
                    .as("every minute of %s from the first to the last", stanza)
                    .isEqualTo(Stream.iterate(
                                    slots.getFirst(),
                                    slot -> !slot.isAfter(slots.getLast()),
                                    slot -> slot.plusSeconds(60))
                            .toList());
        }
        assertThat(log.all(SlotConcluded.class))
                .allSatisfy(
                        slot -> assertThat(slot.getOccurredAt()).as("not early").isAfterOrEqualTo(slot.getSlot()));
        assertThat(log.all(BackupRequested.class))
                .extracting(BackupRequested::getRequestId)
                .doesNotHaveDuplicates();
    }

    private static void everythingElseGoesOn(RunningScheduler scheduler, EventLog log) {
        UUID request = askFor("nobodys", scheduler);
        log.await(RequestUnserved.class, unserved -> unserved.getRequestId().equals(request));
        assertThat(scheduler.get("/actuator/prometheus").body())
                .contains("holdfast_scheduler_clock_set_back_total 1.0");
        assertThat(scheduler.get("/api/v1/policies/once").statusCode()).isEqualTo(200);
    }

    private static UUID askFor(String stanza, RunningScheduler scheduler) {
        HttpResponse<String> answer =
                scheduler.post("/api/v1/backup-requests", "application/json", "{\"stanza\": \"%s\"}".formatted(stanza));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(RunningScheduler.json(answer).get("requestId").asString());
    }

    private static void awaitSlotsAfter(EventLog log, Instant instant) {
        Awaitility.await("slots after " + instant)
                .atMost(RunningScheduler.LIMIT)
                .until(() -> STANZAS.stream()
                        .allMatch(stanza -> slots(log, stanza).stream().anyMatch(slot -> slot.isAfter(instant))));
    }

    private static List<Instant> slots(EventLog log, String stanza) {
        return concluded(log, stanza)
                .map(SlotConcluded::getSlot)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static List<SlotOutcome> outcomes(EventLog log, String stanza) {
        return concluded(log, stanza).map(SlotConcluded::getOutcome).toList();
    }

    private static Stream<SlotConcluded> concluded(EventLog log, String stanza) {
        return log.all(SlotConcluded.class).stream()
                .filter(slot -> slot.getStanza().equals(stanza));
    }
}
