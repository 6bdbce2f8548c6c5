package dev.holdfast.runner.backup;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log in memory. What others write becomes known only to who reads on to the end: the runner may be behind. */
final class RememberedLog implements Facts, LogEnd {

    private final RequestMemory memory;
    private final Clock clock;
    private final Deque<Runnable> unread = new ArrayDeque<>();
    private final List<BackupOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final List<Integer> claims = new CopyOnWriteArrayList<>();
    private long offset;

    RememberedLog(RequestMemory memory, Clock clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /** Another runner has claimed the request; this one has not read it yet. */
    void claimedElsewhere(UUID requestId, int attempt) {
        unread.add(() -> memory.started(
                new Claim(requestId, attempt, UUID.randomUUID(), "other", clock.instant(), Optional.empty())));
    }

    /** Another runner has ended the request; this one has not read it yet. */
    void endedElsewhere(UUID requestId) {
        unread.add(() ->
                memory.ended(new Ending(requestId, UUID.randomUUID(), "completed", Optional.empty()), clock.instant()));
    }

    /** Another runner has given a sign of life; this one has not read it yet. {@code then} follows when it has. */
    void heartbeatElsewhere(UUID requestId, Runnable then) {
        unread.add(() -> {
            memory.heartbeat(requestId, clock.instant());
            then.run();
        });
    }

    /** What this runner wrote of ends. */
    List<BackupOutcome> outcomes() {
        return outcomes;
    }

    /** The attempts that this runner claimed. */
    List<Integer> claims() {
        return claims;
    }

    @Override
    public void awaitRead() {
        while (!unread.isEmpty()) {
            unread.remove().run();
        }
    }

    @Override
    public Position started(BackupRequest request, int attempt, UUID eventId, RunPlan plan) {
        awaitRead();
        claims.add(attempt);
        memory.started(new Claim(
                request.id(),
                attempt,
                eventId,
                "self",
                clock.instant(),
                Optional.of(request.head().source())));
        memory.reached(0, offset + 1);
        return new Position(0, offset++);
    }

    @Override
    public void concluded(BackupOutcome outcome) {
        outcomes.add(outcome);
        memory.ended(
                new Ending(
                        outcome.head().requestId(),
                        UUID.randomUUID(),
                        "concluded",
                        Optional.of(outcome.head().source())),
                clock.instant());
    }

    @Override
    public void progressed(BackupRequest request, int attempt, Progress progress) {
        memory.heartbeat(request.id(), clock.instant());
    }
}
