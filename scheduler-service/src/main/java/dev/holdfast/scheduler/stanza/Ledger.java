package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered about one stanza between two events. Changed in place by the members of {@link StanzaDesk}, by one
 * thread; its fields are open to this package and to the codec that stores them.
 */
public final class Ledger {

    /** For how long events of the past still matter: as long as a runner remembers what it ran. */
    static final Duration MEMORY = Duration.ofDays(8);

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

    /** The newest passed proof of each backup that was proven lately, by {@link Proof#keyOf}. */
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
        Instant waiting = Cursor.waitingAt(cursors.get(schedule));
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
