package dev.holdfast.scheduler.streams;

import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.scheduler.stanza.Moment;
import dev.holdfast.scheduler.stanza.Outbox;
import dev.holdfast.scheduler.stanza.StanzaDesk;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the stanzas of one partition: keeps their ledgers, hands them events and time, and sends out what was decided.
 *
 * <p>The index by due time is not stored: it follows from the ledgers and is made anew when a task is taken over.
 */
final class StanzaProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

    /** The store of ledgers, by stanza. */
    static final String STORE = "stanzas";

    private static final Logger LOGGER = LoggerFactory.getLogger(StanzaProcessor.class);

    private final SchedulerTopology.Parts parts;
    private final String letIn;
    private final StanzaDesk desk;
    private final Incoming incoming;
    private final OutgoingRecords records;
    private final DueIndex due = new DueIndex();
    private ProcessorContext<byte[], Outgoing> context;
    private KeyValueStore<String, byte[]> ledgers;
    private CatchUp.Watch catchUp;
    private Alarm alarm;
    private boolean live;

    @SuppressWarnings("NullAway.Init") // the rest comes with init, which Streams calls first
    StanzaProcessor(SchedulerTopology.Parts parts) {
        this.parts = parts;
        this.letIn = "%s-%s-repartition".formatted(parts.application(), SchedulerTopology.LET_IN);
        this.desk = parts.desk().get();
        this.incoming = new Incoming(parts.connection());
        this.records = new OutgoingRecords(parts.connection());
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> given) {
        this.context = given;
        this.ledgers = given.getStateStore(STORE);
        this.catchUp = parts.catchUp().of(given.taskId().partition());
        Instant now = now();
        try (KeyValueIterator<String, byte[]> all = ledgers.all()) {
            all.forEachRemaining(entry -> due.put(entry.key, wake(LedgerSerde.read(entry.value), now)));
        }
        this.alarm = new Alarm(given, parts.wakeUps(), this::tick);
        setAlarm();
    }

    private void setAlarm() {
        Instant now = now();
        alarm.noLaterThan(live ? due.first().orElse(Instant.MAX) : now.plus(parts.tick()), now);
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        Optional<RecordMetadata> metadata = context.recordMetadata();
        if (metadata.filter(at -> at.topic().equals(letIn)).isPresent()) {
            letIn(message);
            setAlarm();
            return;
        }
        if (!parts.echoes().isEcho(message.headers())) {
            read(message, metadata);
            setAlarm();
        }
        metadata.ifPresent(at -> catchUp.passed(at.topic(), at.offset()));
    }

    private void read(Record<byte[], byte[]> message, Optional<RecordMetadata> metadata) {
        String topic = Incoming.topicOf(message, metadata);
        switch (incoming.read(topic, message.value())) {
            case Incoming.Event event -> take(message, topic, event);
            case Incoming.Dead dead -> refuse(message, topic, dead.reason());
            case Incoming.OfNoConcern ignored -> {
                // a type that only a newer version knows
            }
        }
    }

    private void letIn(Record<byte[], byte[]> message) {
        byte[] known = ledgers.get(new String(message.key(), StandardCharsets.UTF_8));
        if (known != null) {
            Ledger ledger = LedgerSerde.read(known);
            Moment moment = moment();
            desk.letIn(ledger, GateCodec.letIn(message.value()));
            desk.advance(ledger, moment);
            keep(ledger, known, moment, Causation.none());
        }
    }

    private void take(Record<byte[], byte[]> message, String topic, Incoming.Event read) {
        byte[] known = ledgers.get(read.stanza());
        Ledger ledger = known == null ? new Ledger(read.stanza()) : LedgerSerde.read(known);
        Moment moment = moment();
        try {
            desk.accept(ledger, read.event(), Instant.ofEpochMilli(message.timestamp()), moment);
            if (!live && read.event() instanceof SlotConcluded concluded) {
                desk.recallOpen(ledger, concluded, OpenSlots.of(message.headers()));
            }
        } catch (IllegalArgumentException e) {
            refuse(message, topic, String.valueOf(e.getMessage()));
            return;
        }
        desk.advance(ledger, moment);
        keep(ledger, known, moment, Causation.by(read.event(), message.headers()));
    }

    private void refuse(Record<byte[], byte[]> message, String topic, String reason) {
        LOGGER.atWarn().addKeyValue("topic", topic).addKeyValue("error", reason).log("record is unreadable");
        context.forward(Incoming.deadLetter(message, context.recordMetadata(), topic, reason));
    }

    private void tick() {
        if (!live) {
            live = catchUp.isDone();
            if (live) {
                LOGGER.atInfo()
                        .addKeyValue("partition", context.taskId().partition())
                        .log("all that the log held is read");
            }
        }
        if (live) {
            fireDue();
        }
        setAlarm();
    }

    /**
     * Fires what is due, but not more than one transaction shall hold: the rest follows at once in the next. Half of the room
     * is for what became due last, so that it does not wait behind a storm; the other half is for what has waited longest, so
     * that nothing waits for ever.
     */
    private void fireDue() {
        Instant now = now();
        int fired = fireAll(() -> due.takeNewest(now), parts.firesATick() / 2);
        fired += fireAll(() -> due.takeDue(now), parts.firesATick() - fired);
        if (fired > 0) {
            context.commit();
        }
    }

    private int fireAll(Supplier<Optional<String>> next, int most) {
        int fired = 0;
        while (fired < most) {
            Optional<String> stanza = next.get();
            if (stanza.isEmpty()) {
                break;
            }
            fired += fire(stanza.get());
        }
        return fired;
    }

    private int fire(String stanza) {
        byte[] known = ledgers.get(stanza);
        if (known == null) {
            return 0;
        }
        Ledger ledger = LedgerSerde.read(known);
        Moment moment = moment();
        desk.advance(ledger, moment);
        keep(ledger, known, moment, Causation.none());
        return Math.max(1, moment.outbox().size());
    }

    private void keep(Ledger ledger, byte @Nullable [] known, Moment moment, Causation causation) {
        List<SpecificRecord> decided = takenIn(ledger, moment);
        byte[] form = ledger.isEmpty() ? null : LedgerSerde.write(ledger);
        // much of what is read says nothing new: what is not written needs no room in the changelog
        if (!Arrays.equals(form, known)) {
            ledgers.put(ledger.stanza, form);
        }
        for (SpecificRecord event : decided) {
            parts.echoes().expect(Envelope.of(event).eventId());
            Record<byte[], Outgoing> written = records.of(event, causation, moment.now());
            if (event instanceof SlotConcluded concluded) {
                OpenSlots.put(written.headers(), ledger.openSlots(concluded.getSchedule()));
            }
            context.forward(written);
        }
        for (GateMessage told : moment.outbox().toGate()) {
            context.forward(new Record<>(
                    ledger.stanza.getBytes(StandardCharsets.UTF_8),
                    new Outgoing(SchedulerTopology.placesTopic(parts.application()), GateCodec.message(told)),
                    moment.now().toEpochMilli()));
        }
        due.put(ledger.stanza, wake(ledger, moment.now()));
    }

    private Optional<Instant> wake(Ledger ledger, Instant now) {
        return live ? desk.wake(ledger, now) : desk.wakeUnjudged(ledger, now);
    }

    /** What was decided, after it has been taken in as it will be by whoever reads it. */
    private List<SpecificRecord> takenIn(Ledger ledger, Moment moment) {
        Instant at = Instant.ofEpochMilli(moment.now().toEpochMilli());
        List<SpecificRecord> decided = moment.outbox().events();
        int taken = 0;
        while (taken < decided.size()) {
            desk.accept(ledger, decided.get(taken), at, moment);
            taken++;
            if (moment.outbox().events().size() > decided.size()) {
                decided = moment.outbox().events();
            }
        }
        return decided;
    }

    private Moment moment() {
        return new Moment(now(), live, new Outbox());
    }

    private Instant now() {
        return Instant.ofEpochMilli(parts.clock().millis());
    }

    @Override
    public void close() {
        catchUp.abandon();
        alarm.close();
        incoming.close();
        records.close();
    }
}
