package dev.holdfast.validator.claim;

import dev.holdfast.validator.proof.EarlierInventory;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Marker;
import dev.holdfast.validator.proof.ProvenBefore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the log says of the tests of the last days. Filled by one reader of the log, asked by many workers. */
public final class TestMemory implements ProvenBefore {

    /**
     * A claim that counts.
     *
     * @param eventId identity of the event that won
     * @param attempt its number, 1 first
     * @param validator who holds it
     * @param lastSign when it was last heard of, by this machine's clock
     */
    public record Claim(UUID eventId, int attempt, String validator, Instant lastSign) {}

    /**
     * Somebody's wish that a request be called off.
     *
     * @param by who
     * @param why in their words; may be empty
     * @param at when it was appended to the log
     */
    public record Cancellation(String by, String why, Instant at) {}

    /** What is known of one test. */
    private static final class Known {

        private final TreeMap<Integer, Claim> claims = new TreeMap<>();
        private boolean ended;
    }

    private record Proven(String stanza, String label) {}

    private record Repository(String stanza, int number) {}

    private record Point(String stanza, String name) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<UUID, Known> tests = new HashMap<>();
    private final Map<Proven, Instant> passed = new HashMap<>();
    private final Map<String, EarlierInventory> inventories = new HashMap<>();
    private final Map<Repository, Instant> verified = new HashMap<>();
    private final Map<Point, Marker> points = new HashMap<>();
    private final Map<UUID, Cancellation> cancelled = new HashMap<>();
    private final Map<Integer, Long> read = new HashMap<>();
    private long changes;

    /** Notes a claim; a second one of the same attempt is void. */
    public void claimed(UUID testId, Claim claim) {
        change(() -> known(testId).claims.putIfAbsent(claim.attempt(), claim));
    }

    /** Notes a sign of life of an attempt. */
    public void alive(UUID testId, int attempt, Instant at) {
        change(() -> known(testId)
                .claims
                .computeIfPresent(attempt, (_, claim) -> new Claim(claim.eventId(), attempt, claim.validator(), at)));
    }

    /** Notes that a test has its verdict. */
    public void ended(UUID testId) {
        change(() -> known(testId).ended = true);
    }

    /** Notes that a backup passed. */
    public void passed(String stanza, String label, Instant at) {
        change(() -> passed.merge(new Proven(stanza, label), at, (a, b) -> a.isAfter(b) ? a : b));
    }

    /** Notes that a request, or a test by its own id, was called off; the latest counts. */
    public void cancelled(UUID id, Cancellation cancellation) {
        change(() -> cancelled.merge(id, cancellation, (a, b) -> a.at().isAfter(b.at()) ? a : b));
    }

    /** Notes a restore point of production's. */
    public void restorePoint(String stanza, Marker marker) {
        change(() -> points.put(new Point(stanza, marker.name()), marker));
    }

    /** Notes what a passed proof found; the latest counts. */
    public void inventory(String stanza, EarlierInventory found) {
        change(() -> inventories.merge(stanza, found, (a, b) -> b.provenAt().isBefore(a.provenAt()) ? a : b));
    }

    /** Notes that a test ran pgBackRest's own verification of a repository to its end. */
    public void verified(String stanza, int repository, Instant at) {
        change(() -> verified.merge(new Repository(stanza, repository), at, (a, b) -> a.isAfter(b) ? a : b));
    }

    /** Notes that a partition of the restore test events was read up to, and with, this offset. */
    public void readUpTo(int partition, long offset) {
        change(() -> read.merge(partition, offset, Math::max));
    }

    /** True if the test has its verdict. */
    public boolean hasEnded(UUID testId) {
        return get(() -> known(testId).ended);
    }

    /**
     * Who called the test off; empty if nobody did. It must have been asked for before: a proof asked for later, of a backup
     * whose cancellation came too late, is not meant.
     */
    public Optional<Cancellation> cancellation(TestRequest request) {
        return get(() -> Stream.of(request.testId(), request.requestId())
                .map(cancelled::get)
                .filter(Objects::nonNull)
                .filter(cancellation -> !cancellation.at().isBefore(request.askedAt()))
                .findFirst());
    }

    /** The latest claim of a test; empty if nobody ever claimed it. */
    public Optional<Claim> latestClaim(UUID testId) {
        return get(() -> Optional.ofNullable(known(testId).claims.lastEntry()).map(Map.Entry::getValue));
    }

    /** Whose claim of an attempt counts; empty if there is none. */
    public Optional<Claim> winner(UUID testId, int attempt) {
        return get(() -> Optional.ofNullable(known(testId).claims.get(attempt)));
    }

    /** Waits until the log was read up to this position. */
    public void awaitRead(Journal.Position position) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (read.getOrDefault(position.partition(), -1L) < position.offset()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something changes, at most this long. */
    public void awaitChange(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long seen = changes;
            long left = atMost.toNanos();
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Instant> lastPassed(String stanza, String label) {
        return get(() -> Optional.ofNullable(passed.get(new Proven(stanza, label))));
    }

    @Override
    public Optional<Passed> lastPassed(String stanza) {
        return get(() -> passed.entrySet().stream()
                .filter(entry -> entry.getKey().stanza().equals(stanza))
                .max(Map.Entry.comparingByValue())
                .map(entry -> new Passed(entry.getKey().label(), entry.getValue())));
    }

    @Override
    public Optional<Lsn> restorePoint(String stanza, String name) {
        return get(
                () -> Optional.ofNullable(points.get(new Point(stanza, name))).map(Marker::lsn));
    }

    @Override
    public List<Marker> markers(String stanza) {
        return get(() -> points.entrySet().stream()
                .filter(entry -> entry.getKey().stanza().equals(stanza))
                .map(Map.Entry::getValue)
                .toList());
    }

    @Override
    public Optional<EarlierInventory> inventory(String stanza) {
        return get(() -> Optional.ofNullable(inventories.get(stanza)));
    }

    @Override
    public Optional<Instant> lastVerified(String stanza, int repository) {
        return get(() -> Optional.ofNullable(verified.get(new Repository(stanza, repository))));
    }

    private Known known(UUID testId) {
        return tests.computeIfAbsent(testId, _ -> new Known());
    }

    private void change(Runnable update) {
        lock.lock();
        try {
            update.run();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T get(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
