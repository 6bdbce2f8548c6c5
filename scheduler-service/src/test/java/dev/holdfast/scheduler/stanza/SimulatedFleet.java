package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Producer;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import dev.holdfast.scheduler.streams.LedgerSerde;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;

/**
 * Many stanzas and their gate, without Kafka: the ways between them are queues, as topics are, and what lies between two
 * steps is bytes.
 */
final class SimulatedFleet implements ServedStanzas {

    private static final LedgerSerde STORE = new LedgerSerde();

    private final Caps caps;
    private final StanzaDesk desk;
    private final Map<String, Ledger> ledgers = new LinkedHashMap<>();
    private final Map<String, String> pools = new LinkedHashMap<>();
    private final List<SpecificRecord> log = new ArrayList<>();
    private final List<Logged> records = new ArrayList<>();
    private final Map<UUID, List<Instant>> openSlots = new HashMap<>();
    private final Deque<GateMessage> toGate = new ArrayDeque<>();
    private final Deque<Place> toStanzas = new ArrayDeque<>();
    private final Map<UUID, Gate.Entry> places = new LinkedHashMap<>();
    private Gate gate;
    private Instant now;

    /** One record of the log; {@code open} is what a conclusion says of other slots. */
    private record Logged(SpecificRecord event, Instant at, List<Instant> open) {}

    SimulatedFleet(Instant now, Caps caps) {
        this.now = now;
        this.caps = caps;
        this.desk = new StanzaDesk(
                new Facts(new Producer("scheduler", "simulated", "0")), this, caps, Duration.ofSeconds(20));
        this.gate = newGate();
    }

    private Gate newGate() {
        return new Gate(caps, kind -> Optional.of(Set.copyOf(pools.values())));
    }

    /** Adds a stanza that a pool announces. */
    void add(String stanza, String pool) {
        ledgers.put(stanza, new Ledger(stanza));
        pools.put(stanza, pool);
        gate.refresh();
    }

    Instant now() {
        return now;
    }

    List<SpecificRecord> log() {
        return log;
    }

    /** All events of a type. */
    <T extends SpecificRecord> List<T> all(Class<T> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }

    String poolOf(String stanza) {
        return pools.getOrDefault(stanza, "");
    }

    Ledger ledger(String stanza) {
        return ledgers.getOrDefault(stanza, new Ledger(stanza));
    }

    /** What the gate knows. */
    Map<UUID, Gate.Entry> places() {
        return places;
    }

    /** Somebody publishes an event, and its stanza reads it. */
    void publish(SpecificRecord event) {
        Deque<SpecificRecord> unread = new ArrayDeque<>(List.of(event));
        while (!unread.isEmpty()) {
            SpecificRecord next = unread.remove();
            log.add(next);
            records.add(new Logged(
                    next, now, openSlots.getOrDefault(Envelope.of(next).eventId(), List.of())));
            String stanza = Envelope.of(next).stanza().orElseThrow();
            Moment moment = new Moment(now, true, new Outbox());
            Ledger ledger = ledger(stanza);
            desk.accept(ledger, next, now, moment);
            desk.advance(ledger, moment);
            keep(ledger, moment, unread);
        }
    }

    private void keep(Ledger ledger, Moment moment, Deque<SpecificRecord> unread) {
        for (SpecificRecord event : moment.outbox().events()) {
            if (event instanceof SlotConcluded concluded) {
                openSlots.put(concluded.getEventId(), ledger.openSlots(concluded.getSchedule()));
            }
        }
        ledgers.put(
                ledger.stanza,
                STORE.deserializer().deserialize("stanzas", STORE.serializer().serialize("stanzas", ledger)));
        unread.addAll(moment.outbox().events());
        toGate.addAll(moment.outbox().toGate());
    }

    /** Time passes, and each stanza does what is due. */
    void passTo(Instant instant) {
        now = instant;
        for (String stanza : List.copyOf(ledgers.keySet())) {
            advance(stanza);
        }
    }

    private void advance(String stanza) {
        for (int step = 0; step < 1_000; step++) {
            Ledger ledger = ledger(stanza);
            if (desk.wake(ledger, now).filter(wake -> !wake.isAfter(now)).isEmpty()) {
                return;
            }
            Moment moment = new Moment(now, true, new Outbox());
            desk.advance(ledger, moment);
            keepAndRead(ledger, moment);
        }
        throw new AssertionError("%s keeps waking at %s".formatted(stanza, now));
    }

    private void keepAndRead(Ledger ledger, Moment moment) {
        Deque<SpecificRecord> unread = new ArrayDeque<>();
        keep(ledger, moment, unread);
        unread.forEach(this::publish);
    }

    /** The gate reads some of what stanzas have told it. */
    void gateReads(int atMost) {
        for (int count = 0; count < atMost && !toGate.isEmpty(); count++) {
            GateMessage message = toGate.remove();
            gate.accept(message)
                    .ifPresentOrElse(entry -> places.put(entry.place().id(), entry), () -> places.remove(message.id()));
            gate.letIn().forEach(entry -> {
                places.put(entry.place().id(), entry);
                toStanzas.add(entry.place());
            });
        }
    }

    /** Stanzas read some of what the gate has told them. */
    void stanzasRead(int atMost) {
        for (int count = 0; count < atMost && !toStanzas.isEmpty(); count++) {
            Place place = toStanzas.remove();
            Ledger ledger = ledger(place.stanza());
            Moment moment = new Moment(now, true, new Outbox());
            desk.letIn(ledger, place.id());
            desk.advance(ledger, moment);
            keepAndRead(ledger, moment);
        }
    }

    /** Until nobody has anything to tell. */
    void settle() {
        for (int round = 0; round < 10_000; round++) {
            if (toGate.isEmpty() && toStanzas.isEmpty()) {
                return;
            }
            gateReads(Integer.MAX_VALUE);
            stanzasRead(Integer.MAX_VALUE);
        }
        throw new AssertionError("stanzas and gate keep talking at " + now);
    }

    /** The gate's task goes to another instance: what it had stored is all that is left of it. */
    void moveGate() {
        gate = newGate();
        places.values().forEach(gate::restore);
    }

    /** All state is lost, the gate's too; everything is read again, topic by topic in an order of its own. */
    void loseState(RandomGenerator random) {
        ledgers.replaceAll((stanza, ledger) -> new Ledger(stanza));
        toGate.clear();
        toStanzas.clear();
        places.clear();
        gate = newGate();
        Map<Topic, Deque<Logged>> topics = new EnumMap<>(Topic.class);
        records.forEach(
                logged -> topics.computeIfAbsent(EventType.of(logged.event()).topic(), topic -> new ArrayDeque<>())
                        .add(logged));
        List<Deque<Logged>> open = new ArrayList<>(topics.values());
        while (!open.isEmpty()) {
            Deque<Logged> topic = open.get(random.nextInt(open.size()));
            recall(topic.remove());
            if (topic.isEmpty()) {
                open.remove(topic);
            }
        }
    }

    private void recall(Logged logged) {
        Ledger ledger = ledger(Envelope.of(logged.event()).stanza().orElseThrow());
        desk.accept(ledger, logged.event(), logged.at(), new Moment(now, false, new Outbox()));
        if (logged.event() instanceof SlotConcluded concluded) {
            desk.recallOpen(ledger, concluded, logged.open());
        }
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public boolean isServed(String stanza, RequestKind kind, Optional<String> pool) {
        return pools.containsKey(stanza);
    }

    @Override
    public boolean isAlive(String stanza, RequestKind kind, Optional<String> pool) {
        return isServed(stanza, kind, pool);
    }

    @Override
    public Optional<String> poolFor(String stanza, RequestKind kind, Optional<String> named) {
        return named.or(() -> Optional.ofNullable(pools.get(stanza)));
    }

    @Override
    public String describe(RequestKind kind) {
        return "one is alive";
    }
}
