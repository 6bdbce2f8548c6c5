package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Producer;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.scheduler.streams.LedgerSerde;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;

/**
 * One stanza's desk, its ledger, its clock and its log, without Kafka: what the desk writes lies in the log at once and is
 * read back by it, as the topology does.
 */
final class SimulatedStanza implements ServedStanzas {

    static final String NAME = "mcpgov";
    static final Duration GRACE = Duration.ofSeconds(20);

    private static final LedgerSerde STORE = new LedgerSerde();

    /** One record of the log; {@code open} is what a conclusion says of other slots. */
    record Logged(SpecificRecord event, Instant at, List<Instant> open) {}

    private final StanzaDesk desk;
    private final List<Logged> log = new ArrayList<>();
    private final Deque<Logged> unread = new ArrayDeque<>();
    private Ledger ledger = new Ledger(NAME);
    private Instant now;
    private boolean served = true;

    SimulatedStanza(Instant now) {
        this.now = now;
        this.desk = new StanzaDesk(new Facts(new Producer("scheduler", "simulated", "0")), this, Caps.NONE, GRACE);
    }

    Instant now() {
        return now;
    }

    Ledger ledger() {
        return ledger;
    }

    List<Logged> log() {
        return List.copyOf(log);
    }

    /** Whether anybody announces the stanza. */
    void serve(boolean given) {
        served = given;
    }

    /** Somebody publishes an event, and the desk reads it. */
    void publish(SpecificRecord event) {
        append(event, now);
        readAll();
    }

    /** Somebody whose clock is behind by so much publishes an event: Kafka stamps it with that clock. */
    void publishBehind(Duration by, SpecificRecord event) {
        append(event, now.minus(by));
        readAll();
    }

    /** Somebody publishes an event while the scheduler is down. */
    void publishUnread(SpecificRecord event) {
        append(event, now);
    }

    /** Time passes while the scheduler is down. */
    void sleepUntil(Instant instant) {
        now = instant;
    }

    /** Time passes, and the desk does what is due whenever it asked to be woken. */
    void runUntil(Instant end) {
        readAll();
        int atOnce = 0;
        Optional<Instant> wake = desk.wake(ledger, now);
        while (wake.isPresent() && !wake.get().isAfter(end)) {
            atOnce = wake.get().isAfter(now) ? 0 : atOnce + 1;
            if (atOnce > 1_000) {
                throw new AssertionError("the desk keeps waking at %s for %s".formatted(now, wake.get()));
            }
            now = wake.get().isAfter(now) ? wake.get() : now;
            step();
            readAll();
            store();
            wake = desk.wake(ledger, now);
        }
        now = end;
    }

    /** When the desk would do something, by the ledger alone. */
    Optional<Instant> wake() {
        return desk.wake(ledger, now);
    }

    /** The same for somebody who comes to the ledger and does not know when it was last looked at. */
    Optional<Instant> wakeUnjudged() {
        return desk.wakeUnjudged(ledger, now);
    }

    /** Somebody comes to the ledger and does what he should have done. */
    void takeOver() {
        store();
        if (wakeUnjudged().filter(wake -> !wake.isAfter(now)).isPresent()) {
            step();
        }
    }

    /** The state is lost; everything is read again, topic by topic in an order of its own, before anything is done. */
    void loseState(RandomGenerator random) {
        ledger = new Ledger(NAME);
        unread.clear();
        Map<Topic, Deque<Logged>> topics = new EnumMap<>(Topic.class);
        log.forEach(
                logged -> topics.computeIfAbsent(EventType.of(logged.event()).topic(), topic -> new ArrayDeque<>())
                        .add(logged));
        List<Deque<Logged>> open = new ArrayList<>(topics.values());
        while (!open.isEmpty()) {
            Deque<Logged> topic = open.get(random.nextInt(open.size()));
            Logged next = topic.remove();
            desk.accept(ledger, next.event(), next.at(), new Moment(now, false, new Outbox()));
            if (next.event() instanceof SlotConcluded concluded) {
                desk.recallOpen(ledger, concluded, next.open());
            }
            if (topic.isEmpty()) {
                open.remove(topic);
            }
        }
    }

    private void append(SpecificRecord event, Instant at) {
        List<Instant> open =
                event instanceof SlotConcluded concluded ? ledger.openSlots(concluded.getSchedule()) : List.of();
        Logged logged = new Logged(event, at, open);
        log.add(logged);
        unread.add(logged);
    }

    private void readAll() {
        while (!unread.isEmpty()) {
            Logged next = unread.remove();
            Moment moment = new Moment(now, true, new Outbox());
            desk.accept(ledger, next.event(), next.at(), moment);
            desk.advance(ledger, moment);
            moment.outbox().events().forEach(event -> append(event, now));
        }
    }

    /** Between two steps the ledger lies in the store as bytes. */
    private void store() {
        ledger = STORE.deserializer().deserialize("stanzas", STORE.serializer().serialize("stanzas", ledger));
    }

    private void step() {
        Moment moment = new Moment(now, true, new Outbox());
        desk.advance(ledger, moment);
        moment.outbox().events().forEach(event -> append(event, now));
    }

    /** All events of a type that lie in the log. */
    <T extends SpecificRecord> List<T> all(Class<T> type) {
        return log.stream()
                .map(Logged::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public boolean isServed(String stanza, RequestKind kind, Optional<String> pool) {
        return served;
    }

    @Override
    public boolean isAlive(String stanza, RequestKind kind, Optional<String> pool) {
        return isServed(stanza, kind, pool);
    }

    @Override
    public Optional<String> poolFor(String stanza, RequestKind kind, Optional<String> named) {
        return Optional.empty();
    }

    @Override
    public String describe(RequestKind kind) {
        return served ? "one is alive" : "none is alive";
    }
}
