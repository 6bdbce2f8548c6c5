package dev.holdfast.scheduler.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.events.QueueCause;
import dev.holdfast.events.RequestKind;
import dev.holdfast.scheduler.cron.RandomExpression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Instant TWO = Instant.parse("2026-06-01T02:00:00Z");

    private final Set<String> alive = new HashSet<>(Set.of("a", "b"));

    private Gate gate(int all, int perPool, Map<String, Integer> inPool) {
        return new Gate(new Caps(all, perPool, inPool), kind -> Optional.of(Set.copyOf(alive)));
    }

    private static Place place(String pool, Instant due) {
        return place(UUID.randomUUID(), RequestKind.BACKUP, pool, due);
    }

    private static Place place(UUID id, RequestKind kind, String pool, Instant due) {
        return new Place(
                id, id, kind, "mcpgov", pool, Optional.empty(), Optional.empty(), due, due.plusSeconds(86_400));
    }

    private static List<Place> letIn(Gate gate) {
        return gate.letIn().stream().map(Gate.Entry::place).toList();
    }

    @Test
    void aFreePlaceIsGivenAtOnceAndWhoIsDueFirstGetsTheNext() {
        Gate gate = gate(0, 1, Map.of());
        Place first = place("a", TWO);
        Place late = place("a", TWO.plusSeconds(60));
        Place early = place("a", TWO.plusSeconds(30));

        gate.accept(new GateMessage.Wish(first));
        assertThat(letIn(gate)).containsExactly(first);
        gate.accept(new GateMessage.Wish(late));
        gate.accept(new GateMessage.Wish(early));
        assertThat(letIn(gate)).isEmpty();

        gate.accept(new GateMessage.Free(first.id()));
        assertThat(letIn(gate)).containsExactly(early);
        gate.accept(new GateMessage.Free(early.id()));
        assertThat(letIn(gate)).containsExactly(late);
    }

    @Test
    void aPoolThatIsFullHoldsNobodyUpButItsOwn() {
        Gate gate = gate(10, 5, Map.of("a", 1));
        Place running = place("a", TWO);
        Place waiting = place("a", TWO.plusSeconds(1));
        Place other = place("b", TWO.plusSeconds(2));
        gate.accept(new GateMessage.Take(running));
        gate.accept(new GateMessage.Wish(waiting));
        gate.accept(new GateMessage.Wish(other));

        assertThat(letIn(gate)).containsExactly(other);
        assertThat(gate.whyWaiting(waiting.id()))
                .hasValueSatisfying(reason -> assertThat(reason.cause()).isEqualTo(QueueCause.POOL_FULL));
    }

    @Test
    void theCapOverAllCountsEveryPoolButNotTheOtherKindOfWork() {
        Gate gate = gate(1, 0, Map.of());
        Place running = place("a", TWO);
        Place waiting = place("b", TWO);
        Place test = place(UUID.randomUUID(), RequestKind.RESTORE_TEST, "a", TWO);
        gate.accept(new GateMessage.Take(running));
        gate.accept(new GateMessage.Wish(waiting));
        gate.accept(new GateMessage.Wish(test));

        assertThat(letIn(gate)).containsExactly(test);
        assertThat(gate.whyWaiting(waiting.id()))
                .hasValueSatisfying(reason -> assertThat(reason.cause()).isEqualTo(QueueCause.ALL_FULL));
    }

    @Test
    void whatOthersAskedForCountsAlsoBeyondTheCap() {
        Gate gate = gate(0, 1, Map.of());
        Place one = place("a", TWO);
        Place other = place("a", TWO);
        Place waiting = place("a", TWO);
        gate.accept(new GateMessage.Take(one));
        gate.accept(new GateMessage.Take(other));
        gate.accept(new GateMessage.Wish(waiting));

        gate.accept(new GateMessage.Free(one.id()));
        assertThat(letIn(gate)).isEmpty();
        gate.accept(new GateMessage.Free(other.id()));
        assertThat(letIn(gate)).containsExactly(waiting);
    }

    @Test
    void nobodyIsSentToAPoolThatIsAwayAndWhatRunsThereDoesNotHoldOthersUp() {
        alive.remove("a");
        Gate gate = gate(1, 0, Map.of());
        Place lost = place("a", TWO);
        Place waiting = place("a", TWO);
        Place other = place("b", TWO.plusSeconds(5));
        gate.accept(new GateMessage.Take(lost));
        gate.accept(new GateMessage.Wish(waiting));
        gate.accept(new GateMessage.Wish(other));

        assertThat(letIn(gate)).containsExactly(other);
        assertThat(gate.whyWaiting(waiting.id()))
                .hasValueSatisfying(reason -> assertThat(reason.cause()).isEqualTo(QueueCause.POOL_AWAY));

        gate.accept(new GateMessage.Free(other.id()));
        gate.accept(new GateMessage.Free(lost.id()));
        alive.add("a");
        assertThat(letIn(gate)).isEmpty();
        gate.refresh();
        assertThat(letIn(gate)).containsExactly(waiting);
    }

    @Test
    void aNegativeCapIsRefused() {
        assertThatThrownBy(() -> new Caps(-1, 0, Map.of())).hasMessageContaining("-1 over all");
    }

    /** Beside a gate that keeps nothing but a list and looks through all of it. */
    @Test
    void itDecidesAsOneThatCountsAnewEachTime() {
        for (int seed = 0; seed < 200; seed++) {
            RandomGenerator random = RandomExpression.random(seed);
            Caps caps = new Caps(random.nextInt(6), random.nextInt(4), Map.of("a", random.nextInt(4)));
            Gate gate = new Gate(caps, kind -> Optional.of(Set.copyOf(alive)));
            Map<UUID, Gate.Entry> plain = new HashMap<>();
            List<UUID> ids = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                GateMessage message = message(random, ids);
                gate.accept(message);
                applyPlainly(plain, message);
                if (random.nextInt(20) == 0) {
                    gate = new Gate(caps, kind -> Optional.of(Set.copyOf(alive)));
                    plain.values().forEach(gate::restore);
                }
                assertThat(letIn(gate)).as("seed %d, step %d", seed, step).isEqualTo(letInPlainly(plain, caps));
            }
        }
    }

    private static GateMessage message(RandomGenerator random, List<UUID> ids) {
        if (!ids.isEmpty() && random.nextInt(5) < 2) {
            return new GateMessage.Free(ids.get(random.nextInt(ids.size())));
        }
        UUID id = ids.isEmpty() || random.nextInt(6) > 0
                ? new UUID(random.nextLong(), random.nextLong())
                : ids.get(random.nextInt(ids.size()));
        ids.add(id);
        String pool = List.of("a", "b", "").get(random.nextInt(3));
        Place place = place(id, RequestKind.BACKUP, pool, TWO.plusSeconds(random.nextInt(3)));
        return random.nextInt(4) == 0 ? new GateMessage.Take(place) : new GateMessage.Wish(place);
    }

    private static void applyPlainly(Map<UUID, Gate.Entry> plain, GateMessage message) {
        switch (message) {
            case GateMessage.Wish wish -> plain.put(wish.id(), new Gate.Entry(wish.place(), false));
            case GateMessage.Take take -> plain.put(take.id(), new Gate.Entry(take.place(), true));
            case GateMessage.Free free -> plain.remove(free.id());
        }
    }

    private static List<Place> letInPlainly(Map<UUID, Gate.Entry> plain, Caps caps) {
        List<Place> letIn = new ArrayList<>();
        List<Place> waiting = plain.values().stream()
                .filter(entry -> !entry.taken())
                .map(Gate.Entry::place)
                .sorted(Comparator.comparing(Place::due).thenComparing(Place::id))
                .toList();
        for (Place place : waiting) {
            int cap = capOf(place.pool(), caps);
            if (taken(plain, place.pool()) < cap
                    && (caps.all() == 0
                            || plain.values().stream().filter(Gate.Entry::taken).count() < caps.all())) {
                plain.put(place.id(), new Gate.Entry(place, true));
                letIn.add(place);
            }
        }
        return letIn;
    }

    private static int capOf(String pool, Caps caps) {
        int cap = pool.isEmpty() ? 0 : caps.inPool().getOrDefault(pool, caps.perPool());
        return cap == 0 ? 1_000 : cap;
    }

    private static long taken(Map<UUID, Gate.Entry> plain, String pool) {
        return plain.values().stream()
                .filter(entry -> entry.taken() && entry.place().pool().equals(pool))
                .count();
    }
}
