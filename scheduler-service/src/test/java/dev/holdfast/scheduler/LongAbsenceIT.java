package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packaged scheduler that is killed, and comes back when many slots have passed. */
class LongAbsenceIT {

    private static final Duration AT_LEAST = Duration.ofMinutes(20);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void theSlotsOfAnOutageAreConcludedOnceEachAsTheirPolicySays() throws IOException {
        MovableClock clock = new MovableClock(folder);
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            try (EventLog log = EventLog.open(kafka)) {
                try (RunningScheduler scheduler = started(kafka, clock)) {
                    scheduler.apply(policy("skipping", "* * * * *", "skip"));
                    scheduler.apply(policy("making-all", "* * * * *", "run-all, within: 10m"));
                    scheduler.apply(policy("catching-up", "*/5 * * * *", "run-once"));
                    clock.moveToTheNextMinute();
                    awaitSlotAfter(log, "skipping", Instant.EPOCH);
                    awaitSlotAfter(log, "making-all", Instant.EPOCH);
                    scheduler.kill9();
                }
                clock.move(untilTheLastFifthMinuteIsMissed(clock.now()));
                Instant back = clock.now();
                try (RunningScheduler scheduler = started(kafka, clock)) {
                    awaitSlotAfter(log, "skipping", back);
                    awaitSlotAfter(log, "making-all", back);
                    log.await(
                            SlotConcluded.class,
                            slot -> slot.getStanza().equals("catching-up")
                                    && slot.getOutcome() == SlotOutcome.CAUGHT_UP);
                    assertThat(scheduler.get("/api/v1/policies/skipping").statusCode())
                            .isEqualTo(200);
                }

                assertThat(missed(log, "skipping", 15))
                        .extracting(SlotConcluded::getOutcome)
                        .containsOnly(SlotOutcome.MISSED);
                assertThat(missed(log, "making-all", 15))
                        .extracting(SlotConcluded::getOutcome)
                        .containsOnly(SlotOutcome.MISSED, SlotOutcome.CAUGHT_UP);
                assertThat(missed(log, "catching-up", 3))
                        .extracting(SlotConcluded::getOutcome)
                        .containsOnlyOnce(SlotOutcome.CAUGHT_UP)
                        .containsOnly(SlotOutcome.SUPERSEDED, SlotOutcome.CAUGHT_UP)
                        .endsWith(SlotOutcome.CAUGHT_UP);
                everySlotHasOneFact(log, "skipping", MINUTE);
                everySlotHasOneFact(log, "making-all", MINUTE);
                everySlotHasOneFact(log, "catching-up", FIVE_MINUTES);
                eachRequestHasItsSlot(log);
            }
        }
    }

    /** So that it is back a minute after a fifth one: that slot is missed, and no later one has come. */
    private static Duration untilTheLastFifthMinuteIsMissed(Instant now) {
        long minute = now.plus(AT_LEAST).getEpochSecond() / MINUTE.toSeconds();
        return AT_LEAST.plusMinutes(Math.floorMod(1 - minute, FIVE_MINUTES.toMinutes()));
    }

    private RunningScheduler started(KafkaConnection kafka, MovableClock clock) throws IOException {
        return RunningScheduler.started(kafka, folder.resolve("away"), clock.environment())
                .awaitReady()
                .awaitRead();
    }

    private static String policy(String stanza, String cron, String missed) {
        return """
                stanza: %s
                timezone: UTC
                backups: [{name: often, type: full, cron: "%s"}]
                missed: {policy: %s}
                """.formatted(stanza, cron, missed);
    }

    private static void awaitSlotAfter(EventLog log, String stanza, Instant instant) {
        log.await(
                SlotConcluded.class,
                slot -> slot.getStanza().equals(stanza) && slot.getSlot().isAfter(instant));
    }

    private static List<SlotConcluded> slots(EventLog log, String stanza) {
        return log.all(SlotConcluded.class).stream()
                .filter(slot -> slot.getStanza().equals(stanza))
                .sorted(Comparator.comparing(SlotConcluded::getSlot))
                .toList();
    }

    /** Slots that nobody was there for. */
    private static List<SlotConcluded> missed(EventLog log, String stanza, int atLeast) {
        List<SlotConcluded> missed = slots(log, stanza).stream()
                .filter(slot -> slot.getOccurredAt().isAfter(slot.getSlot().plus(MINUTE)))
                .toList();
        assertThat(missed).as("missed by %s", stanza).hasSizeGreaterThanOrEqualTo(atLeast);
        return missed;
    }

    private static void everySlotHasOneFact(EventLog log, String stanza, Duration step) {
        List<Instant> slots =
                slots(log, stanza).stream().map(SlotConcluded::getSlot).toList();
        assertThat(slots)
                .as("all of %s from the first to the last", stanza)
                .isEqualTo(Stream.iterate(
                                slots.getFirst(), slot -> !slot.isAfter(slots.getLast()), slot -> slot.plus(step))
                        .toList());
    }

    private static void eachRequestHasItsSlot(EventLog log) {
        List<UUID> requested = log.all(SlotConcluded.class).stream()
                .map(SlotConcluded::getRequestId)
                .flatMap(Optional::stream)
                .toList();
        assertThat(log.all(BackupRequested.class))
                .extracting(BackupRequested::getRequestId)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(requested);
    }
}
