package dev.holdfast.scheduler.gate;

import dev.holdfast.events.QueueCause;
import dev.holdfast.events.RequestKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets in what waits, as long as there is a free place in its pool and over all. A free place is given at once; those who
 * wait get in by {@link Place#TURN}. A pool that is full, or of which nobody was heard lately, holds nobody up but its own;
 * what runs in a pool that is away does not count over all. Used by one thread.
 */
public final class Gate {

    private final Caps caps;
    private final Pools pools;
    private final Map<UUID, Entry> entries = new HashMap<>();
    private final Map<RequestKind, Floor> floors = new EnumMap<>(RequestKind.class);

    /** One place: taken, or still waited for. */
    public record Entry(Place place, boolean taken) {}

    /**
     * Why something waits.
     *
     * @param waiting how many others wait for the same pool
     * @param detail for people
     */
    public record Reason(QueueCause cause, int waiting, String detail) {}

    /** All places of one kind of work, by pool. */
    private static final class Floor {
        private final Map<String, Lane> lanes = new TreeMap<>();
        private int waiting;
        private @Nullable Set<String> alive;

        private boolean isAlive(String pool) {
            return pool.isEmpty() || alive == null || alive.contains(pool);
        }

        private int taken() {
            return lanes.entrySet().stream()
                    .filter(lane -> isAlive(lane.getKey()))
                    .mapToInt(lane -> lane.getValue().taken)
                    .sum();
        }
    }

    private static final class Lane {
        private final TreeSet<Place> waiting = new TreeSet<>(Place.TURN);
        private int taken;
    }

    /** An empty one. */
    public Gate(Caps caps, Pools pools) {
        this.caps = caps;
        this.pools = pools;
        refresh();
    }

    /** Looks again at which pools live. */
    public void refresh() {
        for (RequestKind kind : List.of(RequestKind.BACKUP, RequestKind.RESTORE_TEST)) {
            floor(kind).alive = pools.alive(kind).orElse(null);
        }
    }

    /** Puts a place back as it was stored. */
    public void restore(Entry entry) {
        put(entry);
    }

    /**
     * Takes a message in.
     *
     * @return the place as it is now; empty if it is gone. It is to be stored before the next message
     */
    public Optional<Entry> accept(GateMessage message) {
        Entry known = entries.get(message.id());
        return switch (message) {
            case GateMessage.Wish wish -> {
                // who wishes again has not been told that it was let in, or gave the place back
                remove(known);
                yield Optional.of(put(new Entry(wish.place(), false)));
            }
            case GateMessage.Take take -> {
                remove(known);
                yield Optional.of(put(new Entry(take.place(), true)));
            }
            case GateMessage.Free free -> {
                remove(known);
                yield Optional.empty();
            }
        };
    }

    /** Lets in whoever may; each is to be stored as taken and told so. */
    public List<Entry> letIn() {
        List<Entry> letIn = new ArrayList<>();
        for (Floor floor : floors.values()) {
            int room = floor.waiting == 0 ? 0 : caps.overAll() - floor.taken();
            Optional<Place> next = room > 0 ? next(floor) : Optional.empty();
            while (next.isPresent()) {
                Entry entry = new Entry(next.get(), true);
                remove(entries.get(entry.place().id()));
                letIn.add(put(entry));
                room--;
                next = room > 0 ? next(floor) : Optional.empty();
            }
        }
        return letIn;
    }

    private Optional<Place> next(Floor floor) {
        return floor.lanes.entrySet().stream()
                .filter(lane -> !lane.getValue().waiting.isEmpty()
                        && lane.getValue().taken < caps.in(lane.getKey())
                        && floor.isAlive(lane.getKey()))
                .map(lane -> lane.getValue().waiting.first())
                .min(Place.TURN);
    }

    /** Why a place was not given at once; empty if nothing waits under this id. */
    public Optional<Reason> whyWaiting(UUID id) {
        return Optional.ofNullable(entries.get(id))
                .filter(entry -> !entry.taken())
                .map(entry -> reason(entry.place()));
    }

    private Reason reason(Place place) {
        Floor floor = floor(place.kind());
        Lane lane = floor.lanes.getOrDefault(place.pool(), new Lane());
        int others = lane.waiting.size() - 1;
        String who = place.kind() == RequestKind.BACKUP ? "runners" : "validators";
        if (!floor.isAlive(place.pool())) {
            return new Reason(
                    QueueCause.POOL_AWAY, others, "no member of pool '%s' of %s is alive".formatted(place.pool(), who));
        }
        if (lane.taken >= caps.in(place.pool())) {
            return new Reason(
                    QueueCause.POOL_FULL,
                    others,
                    "the %s of pool '%s' have %d requests, of at most %d; %d others wait for them"
                            .formatted(who, place.pool(), lane.taken, caps.in(place.pool()), others));
        }
        return new Reason(
                QueueCause.ALL_FULL,
                others,
                "all %s have %d requests, of at most %d; %d others wait for pool '%s'"
                        .formatted(who, floor.taken(), caps.all(), others, place.pool()));
    }

    /** True if anybody waits. */
    public boolean isWaitedAt() {
        return floors.values().stream().anyMatch(floor -> floor.waiting > 0);
    }

    private Floor floor(RequestKind kind) {
        return floors.computeIfAbsent(kind, key -> new Floor());
    }

    private Entry put(Entry entry) {
        Floor floor = floor(entry.place().kind());
        Lane lane = floor.lanes.computeIfAbsent(entry.place().pool(), pool -> new Lane());
        if (entry.taken()) {
            lane.taken++;
        } else {
            lane.waiting.add(entry.place());
            floor.waiting++;
        }
        entries.put(entry.place().id(), entry);
        return entry;
    }

    private void remove(@Nullable Entry entry) {
        if (entry == null) {
            return;
        }
        Floor floor = floor(entry.place().kind());
        Lane lane = floor.lanes.getOrDefault(entry.place().pool(), new Lane());
        if (entry.taken()) {
            lane.taken--;
        } else {
            lane.waiting.remove(entry.place());
            floor.waiting--;
        }
        if (lane.taken == 0 && lane.waiting.isEmpty()) {
            floor.lanes.remove(entry.place().pool());
        }
        entries.remove(entry.place().id());
    }
}
