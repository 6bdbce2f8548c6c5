package dev.holdfast.runner.backup;

import dev.holdfast.runner.backup.BackupOutcome.Completed;
import dev.holdfast.runner.backup.BackupOutcome.Failed;
import dev.holdfast.runner.backup.BackupOutcome.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests, one at a time for each stanza: claims, runs, concludes. Whatever kills the runner in between, the
 * same request ends in one backup and one terminal fact.
 *
 * <p>The claim is the first start in the log for a request and an attempt. A claim without an end is settled here: by the
 * backup that is found in the repository, by the run that is adopted, or by the next attempt.
 */
public final class RequestServer {

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestServer.class);
    private static final Duration ANOTHER_LOOK = Duration.ofSeconds(5);

    private final RequestMemory memory;
    private final LogEnd log;
    private final RequestGate gate;
    private final SilentClaims silentClaims;
    private final BackupEngine engine;
    private final Facts facts;
    private final RunLoop runs;
    private final ServingTerms terms;
    private final Clock clock;
    private final Supplier<UUID> eventIds;

    /**
     * @param eventIds makes the identities of claims
     */
    public RequestServer(
            RequestMemory memory,
            LogEnd log,
            BackupEngine engine,
            Facts facts,
            RunLoop runs,
            ServingTerms terms,
            Clock clock,
            Supplier<UUID> eventIds) {
        this.memory = memory;
        this.log = log;
        this.gate = new RequestGate(memory, clock);
        this.silentClaims = new SilentClaims(memory, engine, terms, clock);
        this.engine = engine;
        this.facts = facts;
        this.runs = runs;
        this.terms = terms;
        this.clock = clock;
        this.eventIds = eventIds;
    }

    /**
     * Serves a delivered request to its end.
     *
     * @return the backup, where one was made
     * @throws InterruptedException if the runner stops meanwhile
     */
    public Optional<Completed> serve(BackupRequest request) throws InterruptedException {
        return switch (gate.standing(request.head())) {
            case ENDED -> Optional.empty();
            case REPEATED -> conclude(RequestGate.duplicate(request.head()));
            case CLAIMED -> settle(request);
            case NEW -> begin(request);
        };
    }

    /**
     * Answers a request that breaks a rule.
     *
     * @param reason which, for people
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void refuse(RequestHead head, String reason) throws InterruptedException {
        switch (gate.standing(head)) {
            case ENDED -> LOGGER.atDebug().log("already answered");
            case REPEATED -> conclude(RequestGate.duplicate(head));
            case CLAIMED, NEW -> conclude(new Rejected(head, Rejection.INVALID, reason));
        }
    }

    /**
     * Goes on with a run that an earlier life of this runner wrote down.
     *
     * @return the backup, where one was made
     * @throws InterruptedException if the runner stops meanwhile
     */
    public Optional<Completed> resume(Run run) throws InterruptedException {
        BackupRequest request = run.request();
        boolean ended = memory.ending(request.id()).isPresent();
        boolean ours = memory.claim(request.id(), run.attempt())
                .filter(claim -> claim.eventId().equals(run.startedEventId()))
                .isPresent();
        if (ended || !ours) {
            engine.forget(run);
            return Optional.empty();
        }
        LOGGER.atInfo()
                .addKeyValue("requestId", request.id())
                .addKeyValue("stanza", request.stanza())
                .log("going on with a run of this runner's earlier life");
        return finish(run, runs.resumed(run));
    }

    /**
     * Answers a request that could not be served for reasons that nobody foresaw.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void giveUp(BackupRequest request, RuntimeException trouble) throws InterruptedException {
        Optional<Claim> last = memory.lastClaim(request.id());
        if (last.filter(claim -> !claim.runner().equals(terms.instance())).isPresent()) {
            LOGGER.atError()
                    .addKeyValue("requestId", request.id())
                    .log("the request is left to the runner that claimed it");
            return;
        }
        int attempt = last.map(Claim::attempt).orElse(1);
        Failure failure = Failure.of(
                Category.INTERNAL,
                "the runner '%s' could not serve the request: %s".formatted(terms.instance(), trouble.getMessage()),
                "See the runner's log, and its folder HOLDFAST_RUNNER_STATE (free space, owner); then request the backup again.");
        conclude(new Failed(request, attempt, Optional.empty(), failure));
    }

    private Optional<Completed> begin(BackupRequest request) throws InterruptedException {
        Optional<Rejected> rejection = gate.rejection(request).or(() -> obstacle(request));
        return rejection.isPresent() ? turnAway(request, rejection.get()) : claim(request, 1);
    }

    private Optional<Rejected> obstacle(BackupRequest request) {
        return engine.obstacle(request.stanza())
                .map(refused -> new Rejected(request.head(), refused.rejection(), refused.detail()));
    }

    /** Claims the request once this host has a free place for its run: a claim that waits would pass for a dead one. */
    private Optional<Completed> claim(BackupRequest request, int attempt) throws InterruptedException {
        Claimed claimed;
        runs.takePlace();
        try {
            claimed = claimAndRun(request, attempt);
        } finally {
            runs.givePlace();
        }
        return switch (claimed) {
            case Turned turned -> turnAway(request, turned.rejected());
            case Foreign foreign -> settle(request);
            case Ran ran -> finish(ran.run(), ran.end());
        };
    }

    /** What became of an attempt to claim. */
    private sealed interface Claimed {}

    /** It was not even tried: the request must not run any more. */
    private record Turned(Rejected rejected) implements Claimed {}

    /** Somebody else was first. */
    private record Foreign() implements Claimed {}

    /** It was won, and the run came to its end. */
    private record Ran(Run run, RunLoop.End end) implements Claimed {}

    private Claimed claimAndRun(BackupRequest request, int attempt) throws InterruptedException {
        Optional<Rejected> rejection = attempt == 1 ? gate.rejection(request) : Optional.empty();
        if (rejection.isPresent()) {
            return new Turned(rejection.get());
        }
        UUID eventId = eventIds.get();
        RunPlan plan = engine.plan(request);
        Run run = engine.prepare(request, attempt, eventId, plan);
        Facts.Position position = facts.started(request, attempt, eventId, plan);
        memory.awaitReached(position.partition(), position.offset());
        boolean won = memory.claim(request.id(), attempt)
                .filter(claim -> claim.eventId().equals(eventId))
                .isPresent();
        // the claim may have waited for a broker that was down, while a run that seemed lost came to its end
        if (!won || memory.ending(request.id()).isPresent()) {
            engine.forget(run);
            return new Foreign();
        }
        Optional<Rejected> expiry = attempt == 1 ? gate.expiry(request) : Optional.empty();
        return new Ran(run, expiry.isPresent() ? new RunLoop.Concluded(expiry.get()) : runs.untilEnd(run));
    }

    private Optional<Completed> finish(Run run, RunLoop.End end) throws InterruptedException {
        return switch (end) {
            case RunLoop.Concluded concluded -> {
                log.awaitRead();
                boolean taken = isTakenOver(run);
                Optional<Completed> completed = taken ? Optional.empty() : published(concluded.outcome());
                engine.forget(run);
                yield taken ? settle(run.request()) : completed;
            }
            case RunLoop.Lost lost -> {
                engine.forget(run);
                yield settle(run.request());
            }
            case RunLoop.Again again -> {
                engine.forget(run);
                yield claim(run.request(), run.attempt() + 1);
            }
        };
    }

    /** A runner that was frozen or cut off for long may find its run in other hands. */
    private boolean isTakenOver(Run run) {
        return memory.lastClaim(run.request().id())
                .filter(claim -> claim.attempt() > run.attempt())
                .isPresent();
    }

    /** Settles a claim without an end that is not, or no longer, this runner's to execute. */
    private Optional<Completed> settle(BackupRequest request) throws InterruptedException {
        Instant since = clock.instant();
        while (memory.ending(request.id()).isEmpty()) {
            switch (decisionAtTheEnd(request, since)) {
                case SilentClaims.Conclude end -> {
                    return conclude(end.outcome());
                }
                case SilentClaims.TakeOver next -> {
                    return claim(request, next.attempt());
                }
                case SilentClaims.Wait patience -> awaitNewsOf(request);
            }
        }
        return Optional.empty();
    }

    /** Silence may be this runner's own deafness: nothing is settled before the log has been read to its end. */
    private SilentClaims.Decision decisionAtTheEnd(BackupRequest request, Instant since) throws InterruptedException {
        if (silentClaims.isSilent(request)) {
            log.awaitRead();
            if (silentClaims.isSilent(request) && memory.ending(request.id()).isEmpty()) {
                return silentClaims.decide(request, since);
            }
        }
        return new SilentClaims.Wait();
    }

    private void awaitNewsOf(BackupRequest request) throws InterruptedException {
        if (memory.ending(request.id()).isEmpty()) {
            memory.awaitNews(ANOTHER_LOOK);
        }
    }

    /** A runner of another pool may have claimed meanwhile what this one must not begin, such as a stanza stopped on this host alone. */
    private Optional<Completed> turnAway(BackupRequest request, Rejected rejected) throws InterruptedException {
        log.awaitRead();
        return memory.lastClaim(request.id()).isPresent() ? settle(request) : published(rejected);
    }

    private Optional<Completed> conclude(BackupOutcome outcome) throws InterruptedException {
        log.awaitRead();
        return published(outcome);
    }

    private Optional<Completed> published(BackupOutcome outcome) throws InterruptedException {
        boolean repetition = outcome instanceof Rejected rejected && rejected.rejection() == Rejection.DUPLICATE;
        if (!repetition && memory.ending(outcome.head().requestId()).isPresent()) {
            LOGGER.atWarn()
                    .addKeyValue("requestId", outcome.head().requestId())
                    .addKeyValue("stanza", outcome.head().stanza())
                    .addKeyValue("outcome", outcome.getClass().getSimpleName())
                    .log("somebody else has concluded the request meanwhile; this outcome is left out");
            return Optional.empty();
        }
        facts.concluded(outcome);
        LOGGER.atInfo()
                .addKeyValue("requestId", outcome.head().requestId())
                .addKeyValue("stanza", outcome.head().stanza())
                .addKeyValue("outcome", outcome.getClass().getSimpleName())
                .log("request concluded");
        return outcome instanceof Completed completed ? Optional.of(completed) : Optional.empty();
    }
}
