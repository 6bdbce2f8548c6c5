package dev.holdfast.runner.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the log says about recent requests: who claimed them, how they ended, who wants them cancelled, and when a run
 * last gave a sign of life.
 *
 * <p>It is a reading of {@code holdfast.backup.events}, {@code holdfast.controls} and {@code holdfast.backup.progress},
 * not a store: at start the last {@link #REACH} of the log is read into it, and it follows the log from there on. Its
 * instants are those of reading, by this host's clock: hosts' clocks differ, and a sign of life that was read late is
 * no proof of silence. Safe for many threads.
 */
public final class RequestMemory {

    /** How far back it reaches: one day further than a request lives. */
    public static final Duration REACH = BackupRequest.LIFETIME.plusDays(1);

    private final Map<UUID, Story> stories = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private long changes;

    /** What is known of one request. */
    private static final class Story {
        private final TreeMap<Integer, Claim> claims = new TreeMap<>();
        private final Set<Source> repetitions = new HashSet<>();
        private @Nullable Ending ending;
        private @Nullable Cancellation cancellation;
        private Instant lastSign = Instant.EPOCH;

        private void sign(Instant at) {
            lastSign = at.isAfter(lastSign) ? at : lastSign;
        }
    }

    /** A start was read. Of several for one attempt the first in the log counts; the others are void. */
    public synchronized void started(Claim claim) {
        Story story = story(claim.requestId());
        story.claims.putIfAbsent(claim.attempt(), claim);
        story.sign(claim.at());
        changed();
    }

    /** A terminal fact was read or is about to be written. The first one counts. */
    public synchronized void ended(Ending ending, Instant at) {
        Story story = story(ending.requestId());
        if (story.ending == null) {
            story.ending = ending;
        }
        story.sign(at);
        changed();
    }

    /** A record with the same request id was refused as a repetition: an answer, but no ending. */
    public synchronized void repeated(UUID requestId, Source source, Instant at) {
        Story story = story(requestId);
        story.repetitions.add(source);
        story.sign(at);
    }

    /** True if this very record was refused as a repetition before. */
    public synchronized boolean isRefusedRepetition(UUID requestId, Source source) {
        Story story = stories.get(requestId);
        return story != null && story.repetitions.contains(source);
    }

    /** A heartbeat was read. */
    public synchronized void heartbeat(UUID requestId, Instant at) {
        Story story = stories.get(requestId);
        // a heartbeat alone tells nothing: its start is older than this memory
        if (story != null) {
            story.sign(at);
        }
    }

    /** A cancellation was read. */
    public synchronized void cancelled(UUID requestId, Cancellation cancellation, Instant at) {
        Story story = story(requestId);
        story.cancellation = cancellation;
        story.sign(at);
        changed();
    }

    /** Everything before {@code nextOffset} of this partition of the facts' topic has been read. */
    public synchronized void reached(int partition, long nextOffset) {
        positions.put(partition, nextOffset);
        notifyAll();
    }

    /** The claim that counts for this attempt; empty if there is none. */
    public synchronized Optional<Claim> claim(UUID requestId, int attempt) {
        return Optional.ofNullable(stories.get(requestId)).map(story -> story.claims.get(attempt));
    }

    /** The claim with the highest attempt; empty if nobody claimed the request. */
    public synchronized Optional<Claim> lastClaim(UUID requestId) {
        return Optional.ofNullable(stories.get(requestId))
                .map(story -> story.claims.lastEntry())
                .map(Map.Entry::getValue);
    }

    /** How the request ended; empty if it has not. */
    public synchronized Optional<Ending> ending(UUID requestId) {
        return Optional.ofNullable(stories.get(requestId)).map(story -> story.ending);
    }

    /** Who wants it cancelled; empty if nobody. */
    public synchronized Optional<Cancellation> cancellation(UUID requestId) {
        return Optional.ofNullable(stories.get(requestId)).map(story -> story.cancellation);
    }

    /** When anything about the request was last read; empty if nothing was. */
    public synchronized Optional<Instant> lastSign(UUID requestId) {
        return Optional.ofNullable(stories.get(requestId)).map(story -> story.lastSign);
    }

    /** How many requests it knows. */
    public synchronized int size() {
        return stories.size();
    }

    /** Forgets what nobody can ask for any more. */
    public synchronized void forgetBefore(Instant instant) {
        stories.values().removeIf(story -> story.lastSign.isBefore(instant));
    }

    /**
     * Waits until the log has been read up to and including this offset.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public synchronized void awaitReached(int partition, long offset) throws InterruptedException {
        while (positions.getOrDefault(partition, 0L) <= offset) {
            wait();
        }
    }

    /**
     * Waits until something new is known or the time is over, whichever comes first.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public synchronized void awaitNews(Duration atMost) throws InterruptedException {
        long before = changes;
        long end = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (changes == before && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private void changed() {
        changes++;
        notifyAll();
    }

    private Story story(UUID requestId) {
        return stories.computeIfAbsent(requestId, id -> new Story());
    }
}
