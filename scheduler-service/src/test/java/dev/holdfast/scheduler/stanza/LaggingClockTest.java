package dev.holdfast.scheduler.stanza;

import static dev.holdfast.scheduler.stanza.SimulatedStanza.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the desk makes of runners whose clock is behind: Kafka's timestamps are by the clock of whoever wrote the record. */
class LaggingClockTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:30Z");
    private static final Duration BEHIND = Duration.ofMinutes(20);
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(30);

    private final SimulatedStanza stanza = new SimulatedStanza(START);

    @Test
    void aRunThatBeginsAfterItWasDeclaredUnservedIsWaitedForAgainHoweverItIsStamped() {
        BackupRequested request = Events.backupRequested(NAME)
                .setNotAfter(START.plus(Duration.ofMinutes(10)))
                .build();
        stanza.publish(request);
        stanza.runUntil(START.plus(Duration.ofMinutes(12)));
        assertThat(stanza.all(RequestUnserved.class))
                .extracting(RequestUnserved::getUnserved)
                .containsExactly(UnservedReason.NOT_STARTED_IN_TIME);

        stanza.publishBehind(
                BEHIND, Events.backupStarted(NAME, request.getRequestId()).build());

        assertThat(stanza.ledger().busyWith(RequestKind.BACKUP)).contains(request.getRequestId());
    }

    @Test
    void aRunThatGivesSignsOfLifeIsNotLostHoweverTheyAreStamped() {
        BackupRequested request = begunBehind();
        runFor(Duration.ofHours(1), request);

        assertThat(stanza.all(RequestUnserved.class)).isEmpty();
        assertThat(stanza.ledger().busyWith(RequestKind.BACKUP)).contains(request.getRequestId());

        stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));
        assertThat(stanza.all(RequestUnserved.class))
                .as("then it falls silent")
                .extracting(RequestUnserved::getUnserved)
                .containsExactly(UnservedReason.RUN_LOST);
    }

    @Test
    void afterLostStateItsNextSignOfLifeCounts() {
        BackupRequested request = begunBehind();
        runFor(Duration.ofMinutes(1), request);
        stanza.loseState(RandomExpression.random(1));
        stanza.runUntil(stanza.now().plus(BETWEEN_SIGNS));
        runFor(Duration.ofMinutes(30), request);

        assertThat(stanza.ledger().busyWith(RequestKind.BACKUP)).contains(request.getRequestId());
        assertThat(stanza.all(RequestUnserved.class))
                .as("its old signs of life have no other time than their own")
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aRequestThatIsReadAfterItsEndIsNotMissed() {
        BackupRequested request = Events.backupRequested(NAME)
                .setNotAfter(START.plus(Duration.ofMinutes(1)))
                .build();
        stanza.publishBehind(
                BEHIND, Events.backupCompleted(NAME, request.getRequestId()).build());
        stanza.publish(request);

        stanza.runUntil(START.plus(Duration.ofDays(1)));

        assertThat(stanza.all(RequestUnserved.class)).isEmpty();
    }

    private BackupRequested begunBehind() {
        BackupRequested request = Events.backupRequested(NAME).build();
        stanza.publish(request);
        stanza.publishBehind(
                BEHIND, Events.backupStarted(NAME, request.getRequestId()).build());
        return request;
    }

    private void runFor(Duration time, BackupRequested request) {
        Instant end = stanza.now().plus(time);
        while (stanza.now().isBefore(end)) {
            stanza.runUntil(stanza.now().plus(BETWEEN_SIGNS));
            stanza.publishBehind(
                    BEHIND,
                    Events.backupProgressed(NAME, request.getRequestId()).build());
        }
    }
}
