package dev.holdfast.scheduler.stanza;

import static dev.holdfast.scheduler.stanza.SimulatedStanza.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BreachCause;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.TargetReached;
import dev.holdfast.events.Verdict;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.ProofEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the desk says of objectives and of how much is proven, event by event, on a clock of its own. */
class ObjectivesTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:30Z");

    private final SimulatedStanza stanza = new SimulatedStanza(START);

    @Test
    void objectivesAreDeclaredOnceForEachChangeAlsoForAStanzaThatNeverHadABackup() {
        stanza.publish(StanzaDeskTest.policy("objectives: {backupAge: 1h}", 1));
        stanza.runUntil(START.plus(Duration.ofHours(5)));
        assertThat(stanza.all(ObjectiveBreached.class)).singleElement().satisfies(breached -> {
            assertThat(breached.getValueSeconds()).isEmpty();
            assertThat(breached.getDetail()).contains("there is no good backup");
        });

        Instant finished = stanza.now();
        stanza.publish(Events.backupCompleted(NAME, UUID.randomUUID())
                .setFinishedAt(finished)
                .build());
        stanza.runUntil(START.plus(Duration.ofHours(9)));
        for (int seed = 0; seed < 20; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            stanza.runUntil(stanza.now().plusSeconds(1));
        }

        assertThat(stanza.all(ObjectiveMet.class)).hasSize(1);
        assertThat(stanza.all(ObjectiveBreached.class)).hasSize(2);
        assertThat(stanza.all(ObjectiveBreached.class).getLast().getSince())
                .isEqualTo(finished.plus(Duration.ofHours(1)).plusMillis(1));
    }

    @Test
    void theRpoFollowsTheArchiveAndTheRtoTheLastProof() {
        stanza.publish(StanzaDeskTest.policy("objectives: {rpo: 15m, rto: 10s}", 1));
        stanza.publish(Events.repositoryObserved(NAME)
                .setOccurredAt(START)
                .setArchiverLagSeconds(30L)
                .build());
        stanza.publish(proof().setReadyMillis(4_000L).build());
        assertThat(stanza.all(ObjectiveMet.class))
                .extracting(ObjectiveMet::getObjective)
                .containsExactly(ObjectiveKind.RPO, ObjectiveKind.RTO);

        stanza.runUntil(START.plus(Duration.ofMinutes(10)));
        stanza.publish(Events.repositoryObserved(NAME)
                .setOccurredAt(stanza.now())
                .setArchiverLagSeconds(1_200L)
                .build());
        stanza.publish(proof().setReadyMillis(11_000L)
                .setFinishedAt(stanza.now().plusSeconds(1))
                .build());

        assertThat(stanza.all(ObjectiveBreached.class))
                .extracting(ObjectiveBreached::getObjective)
                .containsExactly(ObjectiveKind.RPO, ObjectiveKind.RTO);
    }

    @Test
    void aRepositoryThatNobodyLooksIntoAnyMoreBreaksTheRpo() {
        stanza.publish(StanzaDeskTest.policy("objectives: {rpo: 15m}", 1));
        stanza.publish(Events.repositoryObserved(NAME)
                .setOccurredAt(START)
                .setArchiverLagSeconds(30L)
                .build());
        stanza.serve(false);
        stanza.runUntil(START.plus(ObjectiveWatch.OBSERVATION_COUNTS));
        assertThat(stanza.all(ObjectiveBreached.class)).isEmpty();

        stanza.runUntil(START.plus(Duration.ofHours(5)));

        assertThat(stanza.all(ObjectiveBreached.class))
                .singleElement()
                .satisfies(breached -> assertThat(breached.getDetail()).contains("nobody who serves stanza"));
    }

    @Test
    void anObjectiveBelowTheTimeBetweenTwoLooksIsBrokenAsSoonAsALookIsMissed() {
        apply("objectives: {rpo: 5m}\n");
        observed(60L, 120L);
        assertThat(stanza.all(ObjectiveMet.class)).hasSize(1);
        Instant seen = stanza.now();

        stanza.runUntil(seen.plusSeconds(239));
        assertThat(stanza.all(ObjectiveBreached.class))
                .as("not before the limit")
                .isEmpty();
        stanza.runUntil(seen.plusSeconds(241));

        assertThat(stanza.all(ObjectiveBreached.class))
                .singleElement()
                .satisfies(breached -> assertThat(breached.getObjective()).isEqualTo(ObjectiveKind.RPO));
    }

    private void observed(long lagSeconds, long looksAgainSeconds) {
        stanza.publish(Events.repositoryObserved(NAME)
                .setOccurredAt(stanza.now())
                .setArchiverLagSeconds(lagSeconds)
                .setLooksAgainSeconds(looksAgainSeconds)
                .build());
    }

    @Test
    void testsThatCanNotTellTimeAfterTimeBreakTheProofAge() {
        apply("objectives: {proofAge: 8d}\n");
        stanza.publish(proof().build());
        assertThat(stanza.all(ObjectiveMet.class)).hasSize(1);
        for (int test = 0; test < 3; test++) {
            assertThat(stanza.all(ObjectiveBreached.class)).isEmpty();
            stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));
            RestoreTestCompleted unclear = proof().setVerdict(Verdict.INCONCLUSIVE)
                    .setReason("no space for the sandbox")
                    .build();
            stanza.publish(unclear);
            stanza.publish(unclear);
        }

        assertThat(stanza.all(ObjectiveBreached.class)).singleElement().satisfies(breached -> {
            assertThat(breached.getObjective()).isEqualTo(ObjectiveKind.PROOF_AGE);
            assertThat(breached.getCauses()).contains(BreachCause.TESTS_INCONCLUSIVE);
            assertThat(breached.getDetail()).contains("no space for the sandbox");
        });
        stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));
        stanza.publish(proof().build());
        assertThat(stanza.all(ObjectiveMet.class)).hasSize(2);
    }

    @Test
    void aBreachSaysThatNobodyIsAliveOrThatTheSchedulerItselfWasAway() {
        apply("objectives: {backupAge: 26h}\n");
        stanza.publish(Events.backupCompleted(NAME, UUID.randomUUID())
                .setFinishedAt(stanza.now())
                .build());
        stanza.serve(false);
        stanza.sleepUntil(stanza.now().plus(Duration.ofHours(40)));
        stanza.runUntil(stanza.now().plusSeconds(1));

        assertThat(stanza.all(ObjectiveBreached.class)).singleElement().satisfies(breached -> {
            assertThat(breached.getCauses()).containsExactly(BreachCause.NOBODY_ALIVE, BreachCause.SCHEDULER_AWAY);
            assertThat(breached.getDetail()).contains("nobody who serves stanza", "seen PT14H");
        });
    }

    @Test
    void howMuchIsProvenIsToldAfterAProofAndOnceADay() {
        UUID request = UUID.randomUUID();
        Instant finished = START.minus(Duration.ofHours(1));
        stanza.publish(
                Events.backupCompleted(NAME, request).setFinishedAt(finished).build());
        stanza.publish(Events.repositoryObserved(NAME)
                .setOccurredAt(START)
                .setBackups(List.of("20261122-020003F", "20261122-020003F_20261122-080001D"))
                .setWindows(List.of(RecoverableWindow.newBuilder()
                        .setFrom(finished)
                        .setTo(START)
                        .setBackupLabel("20261122-020003F")
                        .setWalFrom("000000010000000000000004")
                        .setWalTo("000000010000000000000009")
                        .setTimeline(1)
                        .build()))
                .build());
        assertThat(stanza.all(ProofCoverageObserved.class)).singleElement().satisfies(before -> {
            assertThat(before.getBackupsRetained()).isEqualTo(2);
            assertThat(before.getBackupsProven()).isZero();
            assertThat(before.getWindowMinutes()).isEqualTo(60);
        });

        stanza.runUntil(START.plusSeconds(10));
        stanza.publish(proof().setReached(reached(finished.plus(Duration.ofMinutes(45))))
                .build());
        assertThat(stanza.all(ProofCoverageObserved.class)).hasSize(2).last().satisfies(after -> {
            assertThat(after.getBackupsProven()).isEqualTo(1);
            assertThat(after.getChainShapesProven()).containsExactly("FULL");
            assertThat(after.getWindowMinutesProven()).isEqualTo(45);
        });

        for (int seed = 0; seed < 20; seed++) {
            stanza.loseState(RandomExpression.random(seed));
            stanza.runUntil(stanza.now().plusSeconds(60));
        }
        assertThat(stanza.all(ProofCoverageObserved.class)).hasSize(2);
        stanza.runUntil(START.plus(Duration.ofDays(3)));
        assertThat(stanza.all(ProofCoverageObserved.class)).hasSize(4);
    }

    private static TargetReached reached(Instant at) {
        return TargetReached.newBuilder()
                .setLsn("0/5000100")
                .setLastCommitAt(at)
                .setTimeline(1)
                .build();
    }

    private RestoreTestCompleted.Builder proof() {
        return ProofEvents.restoreTestCompleted(NAME, UUID.randomUUID(), UUID.randomUUID())
                .setFinishedAt(stanza.now());
    }

    private void apply(String objectives) {
        stanza.publish(StanzaDeskTest.nightly(objectives));
    }
}
