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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packaged scheduler whose clock is set forward while it runs: by libfaketime, under its feet, as a time server does. */
class ClockIT {

    private static final Duration JUMP = Duration.ofMinutes(20);

    @TempDir
    private Path folder;

    @Test
    void aClockThatJumpsForthMakesNoSlotFireTwiceNoneEarlyAndLosesNone() throws IOException {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            KafkaConnection kafka =
                    broker.connection(SchemaRegistryProcess.shared().url());
            setClock(Duration.ZERO);
            try (EventLog log = EventLog.open(kafka);
                    RunningScheduler scheduler = RunningScheduler.started(kafka, folder.resolve("jumpy"), movable())
                            .awaitReady()
                            .awaitRead()) {
                scheduler.apply("""
                        stanza: minutely
                        timezone: UTC
                        backups: [{name: minutely, type: full, cron: "* * * * *"}]
                        missed: {policy: run-once}
                        """);
                Instant before = Instant.now();
                setClock(JUMP);
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

    /** In one step: the process looks into the file whenever it asks for the time. */
    private void setClock(Duration ahead) throws IOException {
        Path next = Files.writeString(folder.resolve("clock.next"), "+%d\n".formatted(ahead.toSeconds()));
        Files.move(next, folder.resolve("clock"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, String> movable() throws IOException {
        return Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                folder.resolve("clock").toString(),
                "FAKETIME_NO_CACHE",
                "1",
                // waits are measured on the other clock, which never jumps
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    private static Path library() throws IOException {
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return found.findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no libfaketime, which moves the scheduler's clock; run deploy/local/prepare"));
        }
    }
}
