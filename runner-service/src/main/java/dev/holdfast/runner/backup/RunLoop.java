package dev.holdfast.runner.backup;

import dev.holdfast.runner.backup.BackupOutcome.Completed;
import dev.holdfast.runner.backup.BackupOutcome.Failed;
import dev.holdfast.runner.backup.BackupOutcome.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Executes a claimed run until its end is known: waits for a free place, for a lock, and asks the repository in doubt. */
public final class RunLoop {

    private static final Duration LOCK_RETRY = Duration.ofSeconds(2);

    private final RequestMemory memory;
    private final BackupEngine engine;
    private final Facts facts;
    private final ServingTerms terms;
    private final Clock clock;
    private final Semaphore places;
    private final StanzaChecker checker;

    /**
     * @param checker asked after a failure, so that its fact says whether the stanza works at all
     * @param maxConcurrent how many runs this host bears at the same time
     */
    public RunLoop(
            RequestMemory memory,
            BackupEngine engine,
            Facts facts,
            ServingTerms terms,
            Clock clock,
            StanzaChecker checker,
            int maxConcurrent) {
        this.memory = memory;
        this.engine = engine;
        this.facts = facts;
        this.terms = terms;
        this.clock = clock;
        this.checker = checker;
        this.places = new Semaphore(maxConcurrent, true);
    }

    /** What a claimed run came to. */
    sealed interface End {}

    /** The request has ended. */
    record Concluded(BackupOutcome outcome) implements End {}

    /** The run belongs to a later claim. */
    record Lost() implements End {}

    /** Something outside ended it; the next attempt may. */
    record Again() implements End {}

    /** Waits for a free place on this host; {@link #givePlace} gives it back. */
    void takePlace() throws InterruptedException {
        places.acquire();
    }

    /** Gives back what {@link #takePlace} took. */
    void givePlace() {
        places.release();
    }

    /** Adopts or executes a run of an earlier life. What runs already cannot wait for a place: its lease would run out. */
    End resumed(Run run) throws InterruptedException {
        boolean placed = places.tryAcquire();
        if (!placed && !engine.isUnderway(run)) {
            places.acquire();
            placed = true;
        }
        try {
            return untilEnd(run);
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    /** Executes or adopts the run, in a place that the caller has taken. */
    End untilEnd(Run run) throws InterruptedException {
        Instant lockPatience = clock.instant().plus(terms.lockWait());
        RunWatch watch = watchOf(run);
        Optional<StopCause> unwanted = engine.isUnderway(run) ? Optional.empty() : watch.stopCause();
        if (unwanted.isPresent() && engine.find(run.request()) instanceof Lookup.Absent) {
            return endOf(run, new RunResult.Stopped(Optional.empty(), unwanted.get()));
        }
        while (true) {
            RunResult result = engine.run(run, watch);
            if (!isLocked(result) || clock.instant().isAfter(lockPatience)) {
                return endOf(run, result);
            }
            if (engine.find(run.request()) instanceof Lookup.Found found) {
                return new Concluded(completed(run, found.set()));
            }
            memory.awaitNews(LOCK_RETRY);
            Optional<StopCause> stop = watch.stopCause();
            if (stop.isPresent()) {
                return endOf(run, new RunResult.Stopped(Optional.empty(), stop.get()));
            }
            engine.rearm(run);
        }
    }

    private static boolean isLocked(RunResult result) {
        return result instanceof RunResult.Failed failed && failed.failure().category() == Category.CONFLICT;
    }

    private End endOf(Run run, RunResult result) throws InterruptedException {
        BackupRequest request = run.request();
        return switch (result) {
            case RunResult.Made made -> new Concluded(completed(run, made));
            case RunResult.Failed failed ->
                new Concluded(new Failed(
                        request,
                        run.attempt(),
                        failed.startedAt(),
                        failed.failure(),
                        checkAfter(run, failed.failure())));
            case RunResult.Refused refused ->
                new Concluded(new Rejected(request.head(), refused.rejection(), refused.detail()));
            case RunResult.Stopped stopped -> endOf(run, stopped);
            case RunResult.Interrupted interrupted -> endOf(run, interrupted);
        };
    }

    /** A lock that somebody else holds says nothing about the stanza. Heartbeats go on: the claim must not look dead. */
    private Optional<StanzaCheck> checkAfter(Run run, Failure failure) throws InterruptedException {
        return failure.category() == Category.CONFLICT
                ? Optional.empty()
                : checker.check(
                        run.request().stanza(),
                        () -> facts.progressed(run.request(), run.attempt(), Progress.CHECKING));
    }

    private End endOf(Run run, RunResult.Stopped stopped) {
        return switch (stopped.cause()) {
            case SUPERSEDED -> new Lost();
            case CANCELLED ->
                failed(
                        run,
                        stopped.startedAt(),
                        Category.CANCELLED,
                        memory.cancellation(run.request().id())
                                .map(Cancellation::words)
                                .orElse("cancelled"),
                        "Nothing to do: somebody asked for it. A full that was cut short is resumed by the next one.");
            case TIME_LIMIT ->
                failed(
                        run,
                        stopped.startedAt(),
                        Category.TIMEOUT,
                        "the backup did not end within %s and was stopped"
                                .formatted(terms.timeLimitOf(run.request().stanza())),
                        "Find out what slowed it (repository, network, process-max), or raise HOLDFAST_RUNNER_TIME_LIMIT, or the stanza's own in HOLDFAST_RUNNER_TIME_LIMITS.");
        };
    }

    private End endOf(Run run, RunResult.Interrupted interrupted) {
        boolean late = run.request().isExpired(clock.instant());
        if (!late && run.attempt() < ServingTerms.MAX_ATTEMPTS) {
            return new Again();
        }
        return failed(
                run,
                interrupted.startedAt(),
                Category.RETRYABLE,
                "the run was ended from outside (%s) in attempt %d".formatted(interrupted.how(), run.attempt()),
                "Find out who ends pgBackRest on this host (the system's log, memory), then request the backup again.");
    }

    private static End failed(Run run, Optional<Instant> startedAt, Category category, String message, String hint) {
        return new Concluded(new Failed(run.request(), run.attempt(), startedAt, Failure.of(category, message, hint)));
    }

    private static Completed completed(Run run, RunResult.Made made) {
        return new Completed(
                run.request(),
                run.attempt(),
                made.set(),
                made.typeChangeReason(),
                made.compression(),
                made.endedBefore(),
                made.toolMillis());
    }

    private Completed completed(Run run, BackupSet found) {
        return completed(
                run,
                new RunResult.Made(
                        found,
                        Optional.empty(),
                        engine.compressionOf(run.request()),
                        true,
                        java.util.OptionalLong.empty()));
    }

    private RunWatch watchOf(Run run) {
        // what goes on from an earlier life of this runner has only what is left of its time
        Optional<Instant> began = engine.isUnderway(run) ? engine.startedAt(run) : Optional.empty();
        Instant limit = began.orElseGet(clock::instant)
                .plus(terms.timeLimitOf(run.request().stanza()));
        return new RunWatch() {
            @Override
            public Optional<StopCause> stopCause() {
                return causeToStop(run, limit);
            }

            @Override
            public void progressed(Progress progress) {
                facts.progressed(run.request(), run.attempt(), progress);
            }
        };
    }

    private Optional<StopCause> causeToStop(Run run, Instant limit) {
        if (memory.cancellation(run.request().id()).isPresent()) {
            return Optional.of(StopCause.CANCELLED);
        }
        if (memory.lastClaim(run.request().id())
                .filter(claim -> claim.attempt() > run.attempt())
                .isPresent()) {
            return Optional.of(StopCause.SUPERSEDED);
        }
        return clock.instant().isAfter(limit) ? Optional.of(StopCause.TIME_LIMIT) : Optional.empty();
    }
}
