package dev.holdfast.scheduler.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.scheduler.policy.PolicyReader;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Stanzas that share places. */
class CapsTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:30Z");
    private static final Instant TWO = Instant.parse("2026-06-01T02:00:00Z");

    private final SimulatedFleet fleet = new SimulatedFleet(START, new Caps(0, 2, Map.of()));

    @Test
    void whatIsDueTogetherStartsOneAfterTheOtherAndKeepsItsSlot() {
        List<String> stanzas = nightly(5, "");

        at(TWO);
        assertThat(requests()).hasSize(2);
        assertThat(concluded()).hasSize(2);

        for (int hour = 3; hour < 7; hour++) {
            at(TWO.plus(Duration.ofHours(hour - 2L)));
            open().forEach(this::complete);
            fleet.settle();
        }
        assertThat(requests()).extracting(BackupRequested::getStanza).containsExactlyInAnyOrderElementsOf(stanzas);
        assertThat(requests())
                .allSatisfy(request -> assertThat(request.getSlot()).contains(TWO));
        assertThat(concluded()).hasSize(5).allSatisfy(slot -> {
            assertThat(slot.getSlot()).isEqualTo(TWO);
            assertThat(slot.getOutcome()).isEqualTo(SlotOutcome.REQUESTED);
        });
        assertThat(fleet.places()).isEmpty();
    }

    @Test
    void whoeverWaitsForTooLongIsMissedAndSaysSo() {
        nightly(3, "notAfter: 1h\n");
        at(TWO);
        // both runs go on: a sign of life now and then
        open().forEach(request -> fleet.publish(Events.backupStarted(request.getStanza(), request.getRequestId())
                .build()));
        for (int minute = 10; minute <= 70; minute += 10) {
            at(TWO.plus(Duration.ofMinutes(minute)));
            open().forEach(request -> fleet.publish(Events.backupProgressed(request.getStanza(), request.getRequestId())
                    .build()));
        }

        assertThat(concluded())
                .filteredOn(slot -> slot.getOutcome() == SlotOutcome.MISSED)
                .singleElement()
                .satisfies(slot -> {
                    assertThat(slot.getReason()).contains("waited for a free place until 2026-06-01T03:00:00Z");
                    assertThat(slot.getRequestId()).isEmpty();
                });
        assertThat(requests()).hasSize(2);
    }

    /** Its first request's end is in the log, its own is not: without a word nobody would know that it waits no longer. */
    @Test
    void aRetryThatWaitsIsCalledOffAloudWhenWhatItTriesAgainIsCancelled() {
        nightly(3, "retry: {attempts: 2, backoff: 10m}\n");
        at(TWO);
        BackupRequested first = open().getFirst();
        fleet.publish(
                Events.backupFailed(first.getStanza(), first.getRequestId()).build());
        at(TWO.plus(Duration.ofMinutes(11)));
        UUID retry = Facts.retryId(first.getRequestId(), 2);
        assertThat(fleet.ledger(first.getStanza()).queued).containsOnlyKeys(retry);

        fleet.publish(
                Events.cancelRequested(first.getStanza(), first.getRequestId()).build());
        fleet.settle();

        assertThat(fleet.all(CancelRequested.class))
                .extracting(CancelRequested::getRequestId)
                .contains(retry);
        assertThat(fleet.ledger(first.getStanza()).queued).isEmpty();
    }

    @Test
    void aBlackoutThatBeginsWhileItWaitsIsObeyedAndItKeepsItsTurn() {
        nightly(3, "blackouts: [{name: early, cron: '30 2 * * *', for: 2h}]\n");
        at(TWO);
        BackupRequested first = open().getFirst();

        at(TWO.plus(Duration.ofMinutes(40)));
        complete(first);
        fleet.settle();
        assertThat(requests()).as("nothing starts in the blackout").hasSize(2);

        at(TWO.plus(Duration.ofMinutes(150)));
        assertThat(requests()).hasSize(3);
        assertThat(concluded())
                .hasSize(3)
                .allSatisfy(slot -> assertThat(slot.getOutcome()).isEqualTo(SlotOutcome.REQUESTED));
    }

    @Test
    void aPolicyThatIsChangedOrCancelledWhileItWaitsConcludesItsSlot() {
        nightly(4, "");
        at(TWO);
        List<String> waiting = fleet.places().values().stream()
                .filter(entry -> !entry.taken())
                .map(entry -> entry.place().stanza())
                .toList();
        UUID cancelled = fleet.ledger(waiting.get(1)).queued.keySet().iterator().next();

        fleet.publish(policy(waiting.getFirst(), "0 5 * * *", "", 2, START));
        fleet.publish(Events.cancelRequested(waiting.get(1), cancelled).build());
        fleet.settle();

        assertThat(concluded())
                .filteredOn(slot -> slot.getOutcome() == SlotOutcome.SUPERSEDED)
                .extracting(SlotConcluded::getStanza)
                .containsExactlyInAnyOrderElementsOf(waiting);
        assertThat(fleet.places()).hasSize(2);
        open().forEach(this::complete);
        fleet.settle();
        assertThat(requests()).hasSize(2);
        assertThat(fleet.places()).isEmpty();
    }

    @Test
    void aRunThatIsLostAndARequestThatNobodyServesGiveTheirPlacesBack() {
        nightly(4, "lostAfter: 15m\nnotAfter: 5h\n");
        at(TWO);
        BackupRequested started = open().getFirst();
        fleet.publish(Events.backupStarted(started.getStanza(), started.getRequestId())
                .build());
        at(TWO.plus(Duration.ofMinutes(16)));
        assertThat(fleet.all(RequestUnserved.class)).hasSize(1);
        assertThat(requests()).hasSize(3);

        fleet.passTo(fleet.now().plusSeconds(1));
        // the one that came back counts again, though nothing was kept free for it
        fleet.publish(Events.backupProgressed(started.getStanza(), started.getRequestId())
                .build());
        fleet.settle();
        assertThat(fleet.places().values()).filteredOn(entry -> entry.taken()).hasSize(3);
    }

    @Test
    void whatAPersonAsksForIsNotHeldButCounts() {
        fleet.add("db-0", "pool");
        fleet.add("db-1", "pool");
        BackupRequested byHand = Events.backupRequested("db-0").build();
        fleet.publish(byHand);
        BackupRequested other = Events.backupRequested("db-1").build();
        fleet.publish(other);
        BackupRequested third = Events.backupRequested("db-1").build();
        fleet.publish(third);
        fleet.settle();
        assertThat(fleet.places().values()).hasSize(3).allMatch(entry -> entry.taken());

        fleet.add("db-9", "pool");
        fleet.publish(policy("db-9", "0 2 * * *", "", 1, START));
        at(TWO);
        assertThat(requests())
                .filteredOn(request -> request.getStanza().equals("db-9"))
                .isEmpty();
        complete(byHand);
        fleet.settle();
        assertThat(requests())
                .filteredOn(request -> request.getStanza().equals("db-9"))
                .isEmpty();
        complete(other);
        fleet.settle();
        assertThat(requests())
                .filteredOn(request -> request.getStanza().equals("db-9"))
                .hasSize(1);
    }

    @Test
    void aThousandDueTogetherAreNeverMoreThanTheCap() {
        nightly(1_000, "notAfter: 30d\n");
        at(TWO);
        assertThat(open()).hasSize(2);
        for (int round = 1; requests().size() < 1_000; round++) {
            fleet.passTo(TWO.plusSeconds(round));
            open().forEach(this::complete);
            fleet.settle();
            assertThat(open()).hasSizeLessThanOrEqualTo(2);
            assertThat(round).isLessThan(1_000);
        }
        assertThat(concluded()).hasSize(1_000);
    }

    @Test
    void aSlotThatWaitsForAPlaceIsConcludedOnceAlsoWhenALaterOneWasAndTheStateIsLost() {
        Instant three = TWO.plus(Duration.ofHours(1));
        for (int number = 0; number < 3; number++) {
            fleet.add("db-" + number, "pool");
            fleet.publish(policy(
                    "db-" + number,
                    "0 2,3 * * *",
                    "overlap: skip\nmissed: {policy: run-all}\nlostAfter: 10h\n",
                    1,
                    START));
        }
        at(TWO);
        open().forEach(request -> fleet.publish(Events.backupStarted(request.getStanza(), request.getRequestId())
                .build()));
        at(three);
        assertThat(concluded()).filteredOn(slot -> slot.getSlot().equals(three)).hasSize(3);
        assertThat(concluded()).filteredOn(slot -> slot.getSlot().equals(TWO)).hasSize(2);

        fleet.loseState(RandomExpression.random(1));
        at(three.plusSeconds(600));
        open().forEach(this::complete);
        at(three.plusSeconds(1_200));

        assertThat(concluded())
                .hasSize(6)
                .extracting(slot -> slot.getStanza() + " " + slot.getSlot())
                .doesNotHaveDuplicates();
        assertThat(concluded().getLast().getOutcome()).isEqualTo(SlotOutcome.CAUGHT_UP);
        assertThat(requests()).hasSize(3);
    }

    /** Twenty days for each seed: whatever happens, no cap is passed, no slot is lost, and no place stays taken. */
    @Test
    void whateverHappensCapsHoldSlotsAreConcludedOnceAndNoPlaceIsLost() {
        for (int seed = 0; seed < 12; seed++) {
            new FleetStory(seed, START, false).tell();
        }
    }

    /** The same when all state is lost now and then: until all runs are known again a cap may be passed, nothing else. */
    @Test
    void whateverHappensSlotsAreConcludedOnceAndNoPlaceIsLostAlsoOverLostState() {
        for (int seed = 100; seed < 112; seed++) {
            new FleetStory(seed, START, true).tell();
        }
    }

    private List<String> nightly(int count, String further) {
        List<String> stanzas = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            String stanza = "db-" + number;
            fleet.add(stanza, "pool");
            fleet.publish(policy(stanza, "0 2 * * *", further, 1, START));
            stanzas.add(stanza);
        }
        return stanzas;
    }

    private void at(Instant instant) {
        fleet.passTo(instant);
        fleet.settle();
    }

    private List<BackupRequested> requests() {
        return fleet.all(BackupRequested.class);
    }

    private List<SlotConcluded> concluded() {
        return fleet.all(SlotConcluded.class);
    }

    /** Requests without an end. */
    private List<BackupRequested> open() {
        Set<UUID> over = new HashSet<>();
        fleet.all(BackupCompleted.class).forEach(completed -> over.add(completed.getRequestId()));
        return requests().stream()
                .filter(request -> !over.contains(request.getRequestId()))
                .toList();
    }

    private void complete(BackupRequested request) {
        fleet.publish(Events.backupCompleted(request.getStanza(), request.getRequestId())
                .setFinishedAt(fleet.now())
                .build());
    }

    static Policy policy(String stanza, String cron, String further, int version, Instant since) {
        var draft =
                PolicyReader.read("stanza: %s\ntimezone: UTC\nbackups: [{name: nightly, type: full, cron: '%s'}]\n%s"
                        .formatted(stanza, cron, further));
        return PolicyEvents.policy(stanza)
                .setVersion(version)
                .setOccurredAt(since)
                .setDefinition(draft.definition())
                .setDigest(draft.digest())
                .build();
    }
}
