package dev.holdfast.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RequestServerTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final RequestMemory memory = new RequestMemory();
    private final RememberedLog log = new RememberedLog(memory, clock);
    private final ScriptedEngine engine = new ScriptedEngine();
    private final ServingTerms terms =
            new ServingTerms("self", Duration.ofSeconds(1), LEASE, Duration.ofHours(1), Map.of());
    private final RequestServer server = new RequestServer(
            memory,
            log,
            engine,
            log,
            new RunLoop(memory, engine, log, terms, clock, this::checked, 1),
            terms,
            clock,
            UUID::randomUUID);
    private final List<String> checked = new ArrayList<>();
    private final BackupRequest request = request();
    private final UUID id = request.id();

    @Test
    void aBackupIsPublishedOnceAndItsTracesAreForgotten() throws InterruptedException {
        engine.nextRun(this::made);

        server.serve(request);
        server.serve(request);

        assertThat(log.outcomes()).singleElement().isInstanceOf(BackupOutcome.Completed.class);
        assertThat(engine.forgotten()).isEqualTo(engine.runs()).hasSize(1);
    }

    @Test
    void anOutcomeOfARequestThatSomebodyElseHasEndedMeanwhileIsLeftOut() throws InterruptedException {
        engine.nextRun(() -> {
            log.endedElsewhere(id);
            return made();
        });

        server.serve(request);

        assertThat(log.outcomes()).isEmpty();
    }

    @Test
    void aRunThatWasTakenOverMeanwhileIsLeftToItsNewOwner() throws InterruptedException {
        engine.nextRun(() -> {
            log.claimedElsewhere(id, 2);
            log.endedElsewhere(id);
            return new RunResult.Failed(
                    Optional.empty(), Failure.of(Category.INTERNAL, "frozen for longer than the lease", ""));
        });

        server.serve(request);

        assertThat(log.outcomes()).isEmpty();
        assertThat(log.claims()).containsExactly(1);
        assertThat(engine.forgotten()).hasSize(1);
    }

    @Test
    void aSilentClaimIsTakenOverByTheNextAttempt() throws InterruptedException {
        silentClaim();
        engine.nextRun(this::made);

        server.serve(request);

        assertThat(log.claims()).containsExactly(2);
        assertThat(log.outcomes()).hasSize(1);
    }

    @Test
    void aSilentClaimWhoseBackupLiesInTheRepositoryIsAnsweredWithIt() throws InterruptedException {
        silentClaim();
        engine.holds(id, set());

        server.serve(request);

        assertThat(log.claims()).isEmpty();
        assertThat(log.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(((BackupOutcome.Completed) outcome).recovered())
                        .isTrue());
    }

    @Test
    void aClaimIsNotTakenOverWhenTheEndOfTheLogShowsThatItHasEnded() throws InterruptedException {
        silentClaim();
        log.endedElsewhere(id);

        server.serve(request);

        assertThat(log.claims()).isEmpty();
        assertThat(engine.runs()).isEmpty();
    }

    @Test
    void aClaimIsNotTakenOverWhenTheEndOfTheLogShowsASignOfLife() throws InterruptedException {
        silentClaim();
        log.heartbeatElsewhere(id, () -> soon(() -> memory.ended(ending(), NOW)));

        server.serve(request);

        assertThat(log.claims()).isEmpty();
    }

    @Test
    void aClaimIsNotTakenOverWhileThePrimaryShowsARunningBackup() throws InterruptedException {
        silentClaim();
        engine.nextSession(() -> {
            soon(() -> memory.cancelled(UUID.randomUUID(), new Cancellation("ada", "something new in the log"), NOW));
            return true;
        });
        engine.nextSession(() -> false);
        engine.nextRun(this::made);

        server.serve(request);

        assertThat(log.claims()).containsExactly(2);
        assertThat(engine.runs()).hasSize(1);
    }

    @Test
    void aRunWhoseClaimIsNotInTheLogIsForgottenAndNotExecuted() throws InterruptedException {
        Run run = new Run(request, 1, UUID.randomUUID(), Path.of("run"));

        server.resume(run);

        assertThat(engine.runs()).isEmpty();
        assertThat(engine.forgotten()).containsExactly(run);
        assertThat(log.outcomes()).isEmpty();
    }

    @Test
    void aRunThatWasTakenOverBeforeItBeganIsNotExecuted() throws InterruptedException {
        Run run = new Run(request, 1, UUID.randomUUID(), Path.of("run"));
        memory.started(new Claim(id, 1, run.startedEventId(), "self", NOW, Optional.empty()));
        memory.started(new Claim(id, 2, UUID.randomUUID(), "other", NOW, Optional.empty()));
        soon(() -> memory.ended(ending(), NOW));

        server.resume(run);

        assertThat(engine.runs()).isEmpty();
        assertThat(engine.forgotten()).containsExactly(run);
        assertThat(log.outcomes()).isEmpty();
    }

    @Test
    void aRequestIsClaimedOnlyWhenTheHostHasAPlaceForItsRun() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        BackupRequest second = request();
        engine.nextRun(() -> {
            awaitEnd(end);
            return made();
        });
        engine.nextRun(this::made);
        Thread first = Thread.ofPlatform().start(() -> served(request));
        Awaitility.await("the first run")
                .atMost(PATIENCE)
                .until(() -> engine.runs().size() == 1);

        Thread waiting = Thread.ofPlatform().start(() -> served(second));
        Awaitility.await("the second request's turn")
                .atMost(PATIENCE)
                .until(() -> waiting.getState() == Thread.State.WAITING);
        boolean claimedEarly = memory.lastClaim(second.id()).isPresent();
        end.countDown();
        first.join();
        waiting.join();

        assertThat(claimedEarly).isFalse();
        assertThat(log.outcomes()).hasSize(2);
    }

    private void served(BackupRequest wanted) {
        try {
            server.serve(wanted);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRunOfAnEarlierLifeHasOnlyWhatIsLeftOfItsTime() throws InterruptedException {
        Run run = new Run(request, 1, UUID.randomUUID(), Path.of("run"));
        memory.started(new Claim(id, 1, run.startedEventId(), "self", NOW, Optional.empty()));
        engine.began(id, NOW.minus(terms.timeLimit()).minusSeconds(1));
        engine.nextWatchedRun(watch ->
                new RunResult.Stopped(Optional.empty(), watch.stopCause().orElseThrow()));

        server.resume(run);

        assertThat(log.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(
                                ((BackupOutcome.Failed) outcome).failure().category())
                        .isEqualTo(Category.TIMEOUT));
    }

    @Test
    void aFailureSaysWhatACheckFoundAfterwards() throws InterruptedException {
        engine.nextRun(() -> failed(Category.CONFIGURATION));

        server.serve(request);

        assertThat(checked).containsExactly("demo");
        assertThat(log.outcomes())
                .singleElement()
                .satisfies(outcome ->
                        assertThat(((BackupOutcome.Failed) outcome).check()).contains(StanzaCheck.passed(NOW)));
    }

    @Test
    void aLockThatSomebodyHoldsIsNoReasonForACheck() throws InterruptedException {
        ServingTerms impatient = new ServingTerms("self", Duration.ofSeconds(-1), LEASE, Duration.ofHours(1), Map.of());
        RunLoop runs = new RunLoop(memory, engine, log, impatient, clock, this::checked, 1);
        engine.nextRun(() -> failed(Category.CONFLICT));

        RunLoop.End end = runs.untilEnd(new Run(request, 1, UUID.randomUUID(), Path.of("run")));

        assertThat(end).isInstanceOf(RunLoop.Concluded.class);
        assertThat(checked).isEmpty();
    }

    @Test
    void aRequestThatAnotherPoolHasClaimedMeanwhileIsNotTurnedAway() throws InterruptedException {
        memory.cancelled(id, new Cancellation("ada", "not now"), NOW);
        log.claimedElsewhere(id, 1);
        soon(() -> memory.ended(ending(), NOW));

        server.serve(request);

        assertThat(log.outcomes()).isEmpty();
    }

    private static RunResult failed(Category category) {
        return new RunResult.Failed(Optional.empty(), Failure.of(category, "broken", "mend it"));
    }

    private Optional<StanzaCheck> checked(String stanza, Runnable beat) {
        beat.run();
        checked.add(stanza);
        return Optional.of(StanzaCheck.passed(NOW));
    }

    @Test
    void aRunWhoseClaimCountsGoesOn() throws InterruptedException {
        Run run = new Run(request, 1, UUID.randomUUID(), Path.of("run"));
        memory.started(new Claim(id, 1, run.startedEventId(), "self", NOW, Optional.empty()));
        engine.nextRun(this::made);

        server.resume(run);

        assertThat(engine.runs()).containsExactly(run);
        assertThat(log.outcomes()).hasSize(1);
    }

    @Test
    void aRequestThatCannotBeServedIsAnsweredWithTheTrouble() throws InterruptedException {
        server.giveUp(request, new IllegalStateException("no space left"));

        assertThat(log.outcomes()).singleElement().satisfies(outcome -> {
            Failure failure = ((BackupOutcome.Failed) outcome).failure();
            assertThat(failure.category()).isEqualTo(Category.INTERNAL);
            assertThat(failure.message()).contains("no space left");
            assertThat(failure.hint()).contains("HOLDFAST_RUNNER_STATE");
        });
    }

    @Test
    void aRequestThatAnotherRunnerHasClaimedIsNotGivenUpHere() throws InterruptedException {
        silentClaim();

        server.giveUp(request, new IllegalStateException("no space left"));

        assertThat(log.outcomes()).isEmpty();
    }

    /** A claim of another runner from which nothing has been heard for twice its lease. */
    private void silentClaim() {
        memory.started(new Claim(
                id,
                1,
                UUID.randomUUID(),
                "other",
                NOW.minus(LEASE.multipliedBy(2)),
                Optional.of(request.head().source())));
    }

    /** Happens while the server waits for news. */
    private static void soon(Runnable news) {
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(news);
    }

    private Ending ending() {
        return new Ending(id, UUID.randomUUID(), "completed", Optional.empty());
    }

    private RunResult made() {
        return new RunResult.Made(set(), Optional.empty(), Optional.of("gz"), false, OptionalLong.of(1));
    }

    private static BackupSet set() {
        return new BackupSet(
                "20261126-120000F",
                BackupKind.FULL,
                null,
                List.of(),
                NOW,
                NOW,
                new BackupSet.Wal(null, null, null, null),
                new BackupSet.Sizes(1, 1, 1L, 1),
                1,
                "15",
                "1",
                "none",
                null,
                List.of(),
                Map.of(),
                "2.45");
    }

    private static BackupRequest request() {
        RequestHead head = new RequestHead(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "demo",
                "ada",
                "UNKNOWN",
                "AD_HOC",
                "",
                new Source(0, 7),
                Optional.empty());
        return new BackupRequest(
                head, BackupKind.FULL, OptionalInt.empty(), NOW, NOW.plusSeconds(60), Map.of(), Map.of(), false);
    }
}
