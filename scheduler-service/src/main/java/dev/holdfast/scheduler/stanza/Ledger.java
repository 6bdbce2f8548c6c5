package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered about one stanza between two events. Changed in place by the members of {@link StanzaDesk}, by one
 * thread; its fields are open to this package and to the codec that stores them.
 */
public final class Ledger {

    /** For how long events of the past still matter: as long as a runner remembers what it ran. */
    static final Duration MEMORY = Duration.ofDays(8);

    private static final int BACKUPS_KEPT = 32;

    /** The stanza. */
    public final String stanza;

    /** The newest policy, also a removed one; null if there never was one. */
    public @Nullable Policy policy;

    /** Since when a policy is in force without a break; null if none is. */
    public @Nullable Instant inForceSince;

    /** How far each schedule in force has come, by its name. */
    public final Map<String, Cursor> cursors = new LinkedHashMap<>();

    /** The last slot of each schedule that was concluded lately, by its name: also of schedules that are not in force. */
    public final Map<String, Instant> concluded = new LinkedHashMap<>();

    /** Stretches of schedules that a newer policy ended before all of their slots had been dealt with. */
    public final List<Leftover> leftovers = new ArrayList<>();

    /** Requests that are not over, or only just; backups by their request's id, tests by their own. */
    public final Map<UUID, Tracked> tracked = new LinkedHashMap<>();

    /** When somebody wanted a request to stop, by the request's id: also before the request itself has been read. */
    public final Map<UUID, Instant> cancelled = new LinkedHashMap<>();

    /** Good backups in the repository, newest last; the oldest ones are forgotten. */
    public final List<KnownBackup> backups = new ArrayList<>();

    /** The newest passed proof of each backup that was proven lately, by label and repository. */
    public final Map<String, Proof> proofs = new LinkedHashMap<>();

    /** The newest passed proof; null if there is none. */
    public @Nullable Proof lastProof;

    /** The last restore tests that could not tell, by their id, if no later one could. */
    public final Map<UUID, Inconclusive> inconclusive = new LinkedHashMap<>();

    /** What each repository was last seen to hold, by its number. */
    public final Map<Integer, SeenRepository> repositories = new TreeMap<>();

    /** The Kafka timestamp of the last passed proof's fact; null if there is none. */
    public @Nullable Instant provenAt;

    /** When the proof coverage was last published; null if it never was. */
    public @Nullable Instant coveredAt;

    /** Each objective's last declared state. */
    public final Map<ObjectiveKind, ObjectiveStatus> objectives = new EnumMap<>(ObjectiveKind.class);

    /** Retries to come, by the id that their request will have. */
    public final Map<UUID, Retry> retries = new LinkedHashMap<>();

    /** Completed backups whose proof has not been thought about yet. */
    public final List<BackupCompleted> completions = new ArrayList<>();

    /** Restore tests to ask for once a blackout or pause is over, by their id. */
    public final Map<UUID, RestoreTestRequested> heldTests = new LinkedHashMap<>();

    /** Restore tests that were asked for, and when. */
    public final Map<UUID, Instant> askedTests = new LinkedHashMap<>();

    /** When each schedule that follows backups last asked for a test, by its name. */
    public final Map<String, Instant> lastAfter = new LinkedHashMap<>();

    /** What would be asked for now but waits for a free place, by the id of the backup's request or of the test. */
    public final Map<UUID, Queued> queued = new LinkedHashMap<>();

    /** What the gate was told, by the same ids. */
    public final Map<UUID, Told> told = new LinkedHashMap<>();

    /** After lost state: slots that were still open when a later one of their schedule was concluded, by its name. */
    public final Map<String, Reopened> reopened = new LinkedHashMap<>();

    /**
     * Slots of a schedule of which the log says that they have not been concluded.
     *
     * @param kind what the schedule asked for
     * @param policyDigest of the policy that it was in
     * @param slots in order; not empty
     */
    public record Reopened(SlotKind kind, String policyDigest, List<Instant> slots) {

        /** Keeps a copy. */
        public Reopened {
            slots = List.copyOf(slots);
        }

        Reopened without(List<Instant> concluded) {
            return new Reopened(
                    kind,
                    policyDigest,
                    slots.stream().filter(slot -> !concluded.contains(slot)).toList());
        }
    }

    /** What the gate was told of a request. */
    public enum Told {
        WAITING,
        TAKEN
    }

    /**
     * A request that waits for a free place.
     *
     * @param backup the request; null for a test
     * @param test the request; null for a backup
     * @param conclusion of its slot, to be published with it; null if it has none
     * @param due since when it could have been asked for
     * @param letIn true once the gate has let it in
     * @param again true if it gave a place back: a blackout or a pause had begun
     */
    public record Queued(
            @Nullable BackupRequested backup,
            @Nullable RestoreTestRequested test,
            @Nullable SlotConcluded conclusion,
            Instant due,
            boolean letIn,
            boolean again) {

        /** Of either a backup or a test. */
        public Queued {
            if ((backup == null) == (test == null)) {
                throw new IllegalArgumentException("expected a backup or a test");
            }
        }

        /** The id of the backup's request, or of the test. */
        public UUID id() {
            return test != null ? test.getTestId() : requestId();
        }

        UUID requestId() {
            return of(BackupRequested::getRequestId, RestoreTestRequested::getRequestId);
        }

        RequestKind kind() {
            return test != null ? RequestKind.RESTORE_TEST : RequestKind.BACKUP;
        }

        RequestOrigin origin() {
            return of(BackupRequested::getOrigin, RestoreTestRequested::getOrigin);
        }

        Optional<String> pool() {
            return of(BackupRequested::getPool, RestoreTestRequested::getPool);
        }

        Optional<String> schedule() {
            return of(BackupRequested::getSchedule, RestoreTestRequested::getSchedule);
        }

        /** After this instant it is not asked for any more; the scheduler gives every request of its own one. */
        Instant notAfter() {
            return of(BackupRequested::getNotAfter, RestoreTestRequested::getNotAfter)
                    .orElse(Instant.MAX);
        }

        Queued withLetIn(boolean given) {
            return new Queued(backup, test, conclusion, due, given, again);
        }

        Queued withAgain() {
            return new Queued(backup, test, conclusion, due, false, true);
        }

        private <T> T of(Function<BackupRequested, T> ofBackup, Function<RestoreTestRequested, T> ofTest) {
            return test != null ? ofTest.apply(test) : ofBackup.apply(Objects.requireNonNull(backup));
        }
    }

    /**
     * How far a schedule has come.
     *
     * @param through every slot up to here has been dealt with
     * @param waiting a slot that waits for a running request to end; null if none does
     */
    public record Cursor(Instant through, @Nullable Instant waiting) {}

    /**
     * A good backup.
     *
     * @param type the kind that was really made
     * @param shape what a restore of it reads, such as FULL+DIFF
     * @param finishedAt by pgBackRest's clock
     */
    public record KnownBackup(String label, int repository, BackupType type, String shape, Instant finishedAt) {}

    /**
     * A passed restore test.
     *
     * @param shape what was restored, such as FULL+DIFF
     * @param finishedAt when the test ended
     * @param reached the instant of the last commit that was recovered; null where nothing tells
     * @param restoreTime how long it took until the cluster took queries; null where it was not measured
     */
    public record Proof(
            String label,
            int repository,
            String shape,
            Instant finishedAt,
            @Nullable Instant reached,
            @Nullable Duration restoreTime) {

        /** Its key in {@link #proofs}. */
        String key() {
            return keyOf(label, repository);
        }
    }

    /**
     * A restore test that could not tell.
     *
     * @param at when it ended
     * @param reason why, for people
     */
    public record Inconclusive(Instant at, String reason) {}

    /**
     * What a repository was seen to hold.
     *
     * @param at when
     * @param looksAgain in which time somebody looks again; null if nobody says
     * @param archivedAt when its last WAL segment was archived; null if none ever was
     * @param labels the backups that it lists
     * @param windows to which instants the cluster can be restored
     */
    public record SeenRepository(
            Instant at,
            @Nullable Instant archivedAt,
            List<String> labels,
            List<Window> windows,
            @Nullable Duration looksAgain) {}

    /** A stretch of time to which the cluster can be restored. */
    public record Window(Instant from, Instant to) {}

    /** The key of a backup in {@link #proofs}: labels of two repositories may be the same. */
    public static String keyOf(String label, int repository) {
        return repository + "/" + label;
    }

    /**
     * The rest of a schedule that is no longer in force.
     *
     * @param policy the policy that it came from
     * @param schedule its name there
     * @param through every slot up to here has been dealt with
     * @param until the last instant at which its policy was in force
     */
    public record Leftover(Policy policy, String schedule, Instant through, Instant until) {}

    /** A declared state of an objective. */
    public record ObjectiveStatus(boolean met, Instant since) {}

    /** A retry to come: {@code request} is what will be published at {@code due}. */
    public record Retry(Instant due, BackupRequested request) {}

    /** An empty ledger. */
    public Ledger(String stanza) {
        this.stanza = stanza;
    }

    /** The policy, if it counts. */
    Optional<Policy> inForce() {
        return Optional.ofNullable(policy).filter(known -> known.getState() == PolicyState.IN_FORCE);
    }

    /** The id of a request of this kind that is wanted or running, and not given up; empty if there is none. */
    Optional<UUID> busyWith(RequestKind kind) {
        Stream<UUID> waiting = queued.values().stream()
                .filter(request -> request.kind() == kind)
                .map(Queued::requestId);
        Stream<UUID> running = tracked.values().stream()
                .filter(request -> request.kind() == kind && isBusy(request))
                .map(Tracked::requestId);
        return Stream.concat(running, waiting).findFirst();
    }

    /**
     * True if a request stands in the way of the next one: it is open, was not declared unserved, and was not cancelled
     * before it started. A run that was cancelled is waited for until it says that it has stopped.
     */
    boolean isBusy(Tracked request) {
        return request.isHopeful() && (request.isStarted() || !cancelled.containsKey(request.requestId()));
    }

    /** True if an incremental or differential backup has something to build on. */
    boolean hasFull(Optional<Integer> repository) {
        return backups.stream()
                .anyMatch(backup -> backup.type() == BackupType.FULL
                        && repository
                                .map(wanted -> wanted == backup.repository())
                                .orElse(true));
    }

    /** Adds a good backup and forgets the oldest ones, but always keeps the newest full. */
    void remember(KnownBackup backup) {
        forget(backup.label(), backup.repository());
        backups.add(backup);
        backups.sort(Comparator.comparing(KnownBackup::finishedAt));
        while (backups.size() > BACKUPS_KEPT) {
            KnownBackup newestFull = backups.stream()
                    .filter(known -> known.type() == BackupType.FULL)
                    .reduce((older, newer) -> newer)
                    .orElse(null);
            backups.remove(backups.getFirst().equals(newestFull) ? 1 : 0);
        }
    }

    /** Removes a backup that is gone. */
    void forget(String label, int repository) {
        backups.removeIf(backup -> backup.label().equals(label) && backup.repository() == repository);
    }

    /** The slots of a schedule that are due and not concluded yet: later ones may be. In order. */
    public List<Instant> openSlots(String schedule) {
        List<Instant> open = new ArrayList<>(heldSlots(schedule));
        Reopened lost = reopened.get(schedule);
        if (lost != null) {
            open.addAll(lost.slots());
        }
        open.sort(Comparator.naturalOrder());
        return open;
    }

    /** Those of them that wait for their turn or for a free place. */
    List<Instant> heldSlots(String schedule) {
        List<Instant> held = new ArrayList<>();
        Cursor cursor = cursors.get(schedule);
        Instant waiting = cursor == null ? null : cursor.waiting();
        if (waiting != null) {
            held.add(waiting);
        }
        for (Queued request : queued.values()) {
            SlotConcluded conclusion = request.conclusion();
            if (conclusion != null && conclusion.getSchedule().equals(schedule)) {
                held.add(conclusion.getSlot());
            }
        }
        return held;
    }

    /** True if nothing is remembered, so that nothing needs to be stored. */
    public boolean isEmpty() {
        return policy == null
                && cursors.isEmpty()
                && concluded.isEmpty()
                && leftovers.isEmpty()
                && tracked.isEmpty()
                && cancelled.isEmpty()
                && proofs.isEmpty()
                && repositories.isEmpty()
                && coveredAt == null
                && backups.isEmpty()
                && lastProof == null
                && objectives.isEmpty()
                && retries.isEmpty()
                && completions.isEmpty()
                && heldTests.isEmpty()
                && askedTests.isEmpty()
                && lastAfter.isEmpty()
                && inconclusive.isEmpty()
                && queued.isEmpty()
                && told.isEmpty()
                && reopened.isEmpty();
    }
}
