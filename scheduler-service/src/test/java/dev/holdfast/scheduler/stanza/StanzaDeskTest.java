package dev.holdfast.scheduler.stanza;

import static dev.holdfast.scheduler.stanza.SimulatedStanza.GRACE;
import static dev.holdfast.scheduler.stanza.SimulatedStanza.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.scheduler.policy.PolicyReader;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the desk decides, event by event, on a clock of its own. */
class StanzaDeskTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:30Z");

    private final SimulatedStanza stanza = new SimulatedStanza(START);

    @Test
    void aRequestOfAnUnknownStanzaIsDeclaredAtTheExactEndOfTheGraceAndNotAgain() {
        stanza.serve(false);
        BackupRequested request = request();
        stanza.publish(request);
        stanza.runUntil(START.plus(GRACE).minusMillis(1));
        assertThat(stanza.all(RequestUnserved.class)).isEmpty();

        stanza.runUntil(START.plus(Duration.ofDays(3)));

        assertThat(stanza.all(RequestUnserved.class)).singleElement().satisfies(unserved -> {
            assertThat(unserved.getRequestId()).isEqualTo(request.getRequestId());
            assertThat(unserved.getUnserved()).isEqualTo(UnservedReason.UNKNOWN_STANZA);
            assertThat(unserved.getOccurredAt()).isEqualTo(START.plus(GRACE));
        });
    }

    @Test
    void whatNobodyStartsInTimeIsDeclaredAMinuteAfterItsDeadline() {
        Instant deadline = START.plus(Duration.ofMinutes(10));
        stanza.publish(
                BackupRequested.newBuilder(request()).setNotAfter(deadline).build());

        stanza.runUntil(START.plus(Duration.ofDays(1)));

        assertThat(stanza.all(RequestUnserved.class)).singleElement().satisfies(unserved -> {
            assertThat(unserved.getUnserved()).isEqualTo(UnservedReason.NOT_STARTED_IN_TIME);
            assertThat(unserved.getOccurredAt())
                    .isEqualTo(deadline.plusSeconds(60).plusMillis(1));
        });
    }

    @Test
    void aDeclarationIsNotRepeatedAfterLostStateWhateverIsReadFirst() {
        stanza.serve(false);
        stanza.publish(request());
        stanza.runUntil(START.plus(Duration.ofHours(1)));
        for (int seed = 0; seed < 50; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            stanza.runUntil(stanza.now().plusSeconds(60));
        }
        assertThat(stanza.all(RequestUnserved.class)).hasSize(1);
    }

    @Test
    void aRunThatFallsSilentTwiceIsDeclaredTwiceAlsoOverLostState() {
        BackupRequested request = request();
        stanza.publish(request);
        stanza.publish(Events.backupStarted(NAME, request.getRequestId()).build());
        stanza.runUntil(START.plus(Duration.ofMinutes(20)));
        assertThat(stanza.all(RequestUnserved.class)).hasSize(1);
        assertThat(stanza.ledger().busyWith(RequestKind.BACKUP)).isEmpty();

        stanza.publish(Events.backupProgressed(NAME, request.getRequestId()).build());
        assertThat(stanza.ledger().busyWith(RequestKind.BACKUP)).isPresent();
        for (int seed = 0; seed < 20; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            assertThat(stanza.ledger().busyWith(RequestKind.BACKUP))
                    .as("seed %d: the sign of life is newer than the declaration", seed)
                    .isPresent();
        }
        stanza.runUntil(START.plus(Duration.ofMinutes(50)));
        for (int seed = 0; seed < 20; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            stanza.runUntil(stanza.now().plusSeconds(60));
        }
        assertThat(stanza.all(RequestUnserved.class))
                .extracting(RequestUnserved::getUnserved)
                .containsExactly(UnservedReason.RUN_LOST, UnservedReason.RUN_LOST);
    }

    @Test
    void whatBecameOverdueWhileNobodyLookedIsDueAtOnceForWhoeverTakesOver() {
        stanza.serve(false);
        stanza.publish(request());
        Instant back = START.plus(Duration.ofHours(1));
        stanza.sleepUntil(back);
        assertThat(stanza.wake()).hasValueSatisfying(wake -> assertThat(wake).isAfter(back));
        assertThat(stanza.wakeUnjudged()).contains(START.plus(GRACE));

        stanza.takeOver();

        assertThat(stanza.all(RequestUnserved.class))
                .extracting(RequestUnserved::getUnserved)
                .containsExactly(UnservedReason.UNKNOWN_STANZA);
        assertThat(stanza.wakeUnjudged()).isEqualTo(stanza.wake());
    }

    @Test
    void whoTakesOverFindsNothingOverdueInARunThatIsAliveOrAGraceThatIsNotOver() {
        BackupRequested running = request();
        stanza.publish(running);
        stanza.publish(Events.backupStarted(NAME, running.getRequestId()).build());
        stanza.sleepUntil(START.plus(Duration.ofMinutes(10)));
        stanza.publishUnread(request());
        stanza.runUntil(START.plus(Duration.ofMinutes(10)));

        assertThat(stanza.wakeUnjudged()).isEqualTo(stanza.wake());
        stanza.takeOver();
        assertThat(stanza.all(RequestUnserved.class)).isEmpty();
    }

    @Test
    void aSlotThatWaitedBehindAConcludedOneIsConcludedOnceAlsoAfterLostState() {
        Instant two = Instant.parse("2026-06-01T02:00:00Z");
        for (int seed = 0; seed < 20; seed++) {
            SimulatedStanza lost = new SimulatedStanza(START);
            lost.publish(policy("""
                    backups: [{name: hourly, type: full, cron: '0 * * * *'}]
                    blackouts: [{name: work, cron: '0 3 * * *', for: 30m}]
                    missed: {policy: run-all}
                    lostAfter: 6h
                    """, 1));
            lost.runUntil(Instant.parse("2026-06-01T01:10:00Z"));
            BackupRequested running = lost.all(BackupRequested.class).getFirst();
            lost.publish(Events.backupStarted(NAME, running.getRequestId()).build());
            // two waits for the run; three falls into the blackout, and is concluded
            lost.runUntil(Instant.parse("2026-06-01T03:10:00Z"));
            assertThat(slots(lost)).doesNotContain(two);

            lost.loseState(RandomExpression.random(seed));
            lost.runUntil(Instant.parse("2026-06-01T03:20:00Z"));
            lost.publish(Events.backupCompleted(NAME, running.getRequestId())
                    .setFinishedAt(lost.now())
                    .build());
            assertThat(slots(lost)).as("nothing starts in the blackout").doesNotContain(two);
            lost.loseState(RandomExpression.random(seed));
            lost.runUntil(Instant.parse("2026-06-01T03:40:00Z"));

            assertThat(slots(lost)).as("seed %d", seed).containsOnlyOnce(two).hasSize(3);
            assertThat(lost.all(SlotConcluded.class).getLast().getOutcome()).isEqualTo(SlotOutcome.CAUGHT_UP);
            assertThat(lost.all(BackupRequested.class))
                    .extracting(BackupRequested::getRequestId)
                    .doesNotHaveDuplicates()
                    .hasSize(2);
        }
    }

    @Test
    void aSlotThatWaitedAndWhoseScheduleIsGoneIsConcludedAfterLostState() {
        stanza.publish(policy("""
                backups: [{name: hourly, type: full, cron: '0 * * * *'}]
                blackouts: [{name: work, cron: '0 3 * * *', for: 30m}]
                lostAfter: 6h
                """, 1));
        stanza.runUntil(Instant.parse("2026-06-01T01:10:00Z"));
        stanza.publish(Events.backupStarted(NAME, last().getRequestId()).build());
        stanza.runUntil(Instant.parse("2026-06-01T03:10:00Z"));
        // the newer policy lies in the log, but nobody was there to act on it
        stanza.publishUnread(policy("backups: [{name: daily, type: full, cron: '0 5 * * *'}]", 2));
        stanza.loseState(RandomExpression.random(1));
        stanza.runUntil(Instant.parse("2026-06-01T04:00:00Z"));

        assertThat(slots(stanza))
                .containsExactlyInAnyOrder(
                        Instant.parse("2026-06-01T01:00:00Z"),
                        Instant.parse("2026-06-01T02:00:00Z"),
                        Instant.parse("2026-06-01T03:00:00Z"));
    }

    private static List<Instant> slots(SimulatedStanza from) {
        return from.all(SlotConcluded.class).stream()
                .map(SlotConcluded::getSlot)
                .toList();
    }

    @Test
    void aRequestThatWasCancelledBeforeItsStartIsNeitherDeclaredNorInTheWay() {
        apply("overlap: skip");
        BackupRequested request = request();
        stanza.publish(request);
        stanza.publish(Events.cancelRequested(NAME, request.getRequestId()).build());

        stanza.runUntil(START.plus(Duration.ofDays(2)));

        assertThat(stanza.all(RequestUnserved.class))
                .noneMatch(unserved -> unserved.getRequestId().equals(request.getRequestId()));
        assertThat(stanza.all(SlotConcluded.class).getFirst().getOutcome()).isEqualTo(SlotOutcome.REQUESTED);
    }

    @Test
    void aCancellationThatIsReadBeforeItsRequestCounts() {
        stanza.serve(false);
        BackupRequested request = request();
        stanza.publish(Events.cancelRequested(NAME, request.getRequestId()).build());
        stanza.publish(request);

        stanza.runUntil(START.plus(Duration.ofDays(2)));

        assertThat(stanza.all(RequestUnserved.class)).isEmpty();
    }

    @Test
    void aFailureIsTriedAgainWithGrowingPausesAndEachRetryNamesTheFirst() {
        apply("retry: {attempts: 3, backoff: 5m}");
        BackupRequested first = request();
        stanza.publish(first);
        stanza.publish(failed(first, FailureCategory.RETRYABLE));
        stanza.runUntil(START.plus(Duration.ofMinutes(5)));
        BackupRequested second = last();
        stanza.publish(failed(second, FailureCategory.TIMEOUT));
        stanza.runUntil(stanza.now().plus(Duration.ofMinutes(10)));
        BackupRequested third = last();
        stanza.publish(failed(third, FailureCategory.RETRYABLE));
        stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));

        assertThat(stanza.all(BackupRequested.class)).containsExactly(first, second, third);
        assertThat(List.of(second, third)).allSatisfy(retry -> {
            assertThat(retry.getOrigin()).isEqualTo(RequestOrigin.RETRY);
            assertThat(retry.getRetryOf()).contains(first.getRequestId());
        });
        assertThat(third.getAttempt()).isEqualTo(3);
    }

    @Test
    void aWrongConfigurationIsNotTriedAgain() {
        apply("retry: {attempts: 3, backoff: 5m}");
        BackupRequested first = request();
        stanza.publish(first);
        stanza.publish(failed(first, FailureCategory.CONFIGURATION));
        stanza.runUntil(START.plus(Duration.ofHours(1)));

        assertThat(stanza.all(BackupRequested.class)).containsExactly(first);
    }

    @Test
    void aCancelledRequestIsNotTriedAgainWhetherItsFailureOrItsCancellationCameFirst() {
        apply("retry: {attempts: 3, backoff: 5m}");
        BackupRequested one = request();
        stanza.publish(one);
        stanza.publish(failed(one, FailureCategory.RETRYABLE));
        stanza.publish(Events.cancelRequested(NAME, one.getRequestId()).build());
        BackupRequested other = request();
        stanza.publish(other);
        stanza.publish(Events.cancelRequested(NAME, other.getRequestId()).build());
        stanza.publish(failed(other, FailureCategory.RETRYABLE));
        stanza.runUntil(START.plus(Duration.ofHours(1)));

        assertThat(stanza.all(BackupRequested.class)).containsExactly(one, other);
    }

    @Test
    void aDifferentialBackupWithoutAFullBecomesOneAndSaysSo() {
        stanza.publish(policy("backups: [{name: diff, type: diff, cron: '0 2 * * *'}]", 1));
        stanza.runUntil(Instant.parse("2026-06-01T02:00:00Z"));
        assertThat(last().getType()).isEqualTo(BackupType.FULL);
        assertThat(stanza.all(SlotConcluded.class).getLast().getReason()).contains("became full");

        stanza.publish(Events.backupCompleted(NAME, last().getRequestId()).build());
        stanza.runUntil(Instant.parse("2026-06-02T02:00:00Z"));
        assertThat(last().getType()).isEqualTo(BackupType.DIFF);
    }

    @Test
    void oneCompletedBackupIsOneRestoreTestHoweverOftenItIsRead() {
        apply("restoreTests: [{name: after-full, after: {type: full}, target: backup-end}]");
        BackupRequested request = request();
        stanza.publish(request);
        var completed = Events.backupCompleted(NAME, request.getRequestId()).build();
        stanza.publish(completed);
        stanza.publish(completed);
        for (int seed = 0; seed < 20; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            stanza.runUntil(stanza.now().plusSeconds(30));
        }
        assertThat(stanza.all(RestoreTestRequested.class))
                .singleElement()
                .satisfies(test -> assertThat(test.getRequestId()).isEqualTo(request.getRequestId()));
    }

    @Test
    void aPauseHoldsSlotsBackAndSaysWhoPaused() {
        stanza.publish(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]", 1));
        Policy paused = Policy.newBuilder(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]", 2))
                .setPause(new Pause(Events.requester(), "moving house", START, Instant.parse("2026-06-01T03:30:00Z")))
                .build();
        stanza.publish(paused);
        stanza.runUntil(Instant.parse("2026-06-01T04:30:00Z"));

        assertThat(stanza.all(SlotConcluded.class))
                .extracting(SlotConcluded::getOutcome)
                .containsExactly(
                        SlotOutcome.SKIPPED_PAUSED,
                        SlotOutcome.SKIPPED_PAUSED,
                        SlotOutcome.SKIPPED_PAUSED,
                        SlotOutcome.REQUESTED);
        assertThat(stanza.all(SlotConcluded.class).getFirst().getReason()).contains("ada", "moving house");
    }

    @Test
    void aBlackoutSwallowsSlotsAndIsNamed() {
        apply("blackouts: [{name: month start, cron: '0 0 1 * *', for: 4h}]");
        stanza.runUntil(Instant.parse("2026-06-02T02:00:00Z"));

        assertThat(stanza.all(SlotConcluded.class)).hasSize(2).first().satisfies(slot -> {
            assertThat(slot.getOutcome()).isEqualTo(SlotOutcome.SKIPPED_BLACKOUT);
            assertThat(slot.getReason()).contains("month start");
        });
    }

    @Test
    void aPolicyThatIsChangedWhileItsBackupRunsNeitherRepeatsNorLosesASlot() {
        stanza.publish(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]", 1));
        stanza.runUntil(Instant.parse("2026-06-01T01:00:00Z"));
        stanza.publish(Events.backupStarted(NAME, last().getRequestId()).build());
        stanza.publish(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]\njitter: 1s", 2));
        stanza.runUntil(Instant.parse("2026-06-01T01:20:00Z"));
        stanza.publish(Events.backupCompleted(NAME, last().getRequestId()).build());
        stanza.runUntil(Instant.parse("2026-06-01T02:30:00Z"));

        assertThat(stanza.all(SlotConcluded.class))
                .extracting(SlotConcluded::getSlot)
                .containsExactly(Instant.parse("2026-06-01T01:00:00Z"), Instant.parse("2026-06-01T02:00:00Z"));
    }

    @Test
    void aClockThatIsSetBackRepeatsNoSlot() {
        stanza.publish(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]\noverlap: skip", 1));
        stanza.runUntil(Instant.parse("2026-06-01T03:10:00Z"));
        stanza.sleepUntil(Instant.parse("2026-06-01T01:30:00Z"));
        stanza.runUntil(Instant.parse("2026-06-01T04:10:00Z"));

        assertThat(stanza.all(SlotConcluded.class))
                .extracting(SlotConcluded::getSlot)
                .doesNotHaveDuplicates()
                .hasSize(4);
    }

    @Test
    void aRemovedPolicyAsksForNothingMore() {
        Policy policy = policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]", 1);
        stanza.publish(policy);
        stanza.runUntil(Instant.parse("2026-06-01T01:10:00Z"));
        stanza.publish(Policy.newBuilder(policy("backups: [{name: hourly, type: full, cron: '0 * * * *'}]", 2))
                .setState(PolicyState.REMOVED)
                .build());
        stanza.runUntil(Instant.parse("2026-06-03T00:00:00Z"));

        assertThat(stanza.all(SlotConcluded.class)).hasSize(1);
    }

    @Test
    void cancellingTheFirstRequestAlsoStopsTheRetryThatRuns() {
        apply("retry: {attempts: 3, backoff: 5m}\n");
        BackupRequested first = request();
        stanza.publish(first);
        stanza.publish(failed(first, FailureCategory.RETRYABLE));
        stanza.runUntil(stanza.now().plus(Duration.ofMinutes(6)));
        BackupRequested retry = last();
        stanza.publish(Events.backupStarted(NAME, retry.getRequestId()).build());

        stanza.publish(Events.cancelRequested(NAME, first.getRequestId()).build());
        stanza.runUntil(stanza.now().plus(Duration.ofMinutes(1)));
        stanza.loseState(RandomExpression.random(1));
        stanza.runUntil(stanza.now().plus(Duration.ofMinutes(1)));

        assertThat(stanza.all(CancelRequested.class))
                .extracting(CancelRequested::getRequestId)
                .containsExactly(first.getRequestId(), retry.getRequestId());
        stanza.publish(failed(retry, FailureCategory.RETRYABLE));
        stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));
        assertThat(last()).isEqualTo(retry);
    }

    /** A policy with a nightly full backup at 02:00 UTC and what is given. */
    static Policy nightly(String further) {
        return policy("backups: [{name: nightly, type: full, cron: '0 2 * * *'}]\n" + further, 1);
    }

    private void apply(String further) {
        stanza.publish(nightly(further));
    }

    static Policy policy(String yaml, int version) {
        var draft = PolicyReader.read("stanza: %s\ntimezone: UTC\n%s\n".formatted(NAME, yaml));
        return PolicyEvents.policy(NAME)
                .setVersion(version)
                .setDefinition(draft.definition())
                .setDigest(draft.digest())
                .build();
    }

    private static BackupRequested request() {
        return Events.backupRequested(NAME).build();
    }

    private static BackupFailed failed(BackupRequested request, FailureCategory category) {
        return Events.backupFailed(NAME, request.getRequestId())
                .setCategory(category)
                .build();
    }

    private BackupRequested last() {
        return stanza.all(BackupRequested.class).getLast();
    }
}
