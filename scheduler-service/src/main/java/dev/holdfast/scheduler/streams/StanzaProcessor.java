package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.scheduler.stanza.Moment;
import dev.holdfast.scheduler.stanza.Outbox;
import dev.holdfast.scheduler.stanza.StanzaDesk;
import dev.holdfast.schemas.Causation;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
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
    private final StanzaDesk desk;
    private final Incoming incoming;
    private final OutgoingRecords records;
    private final DueIndex due = new DueIndex();
    private ProcessorContext<byte[], Outgoing> context;
    private KeyValueStore<String, Ledger> ledgers;
    private CatchUp.Watch catchUp;
    private boolean live;

    @SuppressWarnings("NullAway.Init") // the rest comes with init, which Streams calls first
    StanzaProcessor(SchedulerTopology.Parts parts) {
        this.parts = parts;
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
        try (KeyValueIterator<String, Ledger> all = ledgers.all()) {
            all.forEachRemaining(entry -> due.put(entry.key, desk.wake(entry.value, now)));
        }
        given.schedule(parts.tick(), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        Optional<RecordMetadata> metadata = context.recordMetadata();
        String topic = Incoming.topicOf(message, metadata);
        switch (incoming.read(topic, message.value())) {
            case Incoming.Event event -> take(message, topic, event);
            case Incoming.Dead dead -> refuse(message, topic, dead.reason());
            case Incoming.OfNoConcern ignored -> {
                // a type that only a newer version knows
            }
        }
        metadata.ifPresent(at -> catchUp.passed(at.topic(), at.offset()));
    }

    private void take(Record<byte[], byte[]> message, String topic, Incoming.Event read) {
        Ledger known = ledgers.get(read.stanza());
        Ledger ledger = known == null ? new Ledger(read.stanza()) : known;
        Moment moment = moment();
        try {
            desk.accept(ledger, read.event(), Instant.ofEpochMilli(message.timestamp()), moment);
        } catch (IllegalArgumentException e) {
            refuse(message, topic, String.valueOf(e.getMessage()));
            return;
        }
        desk.advance(ledger, moment);
        keep(ledger, moment, Causation.by(read.event(), message.headers()));
    }

    private void refuse(Record<byte[], byte[]> message, String topic, String reason) {
        LOGGER.atWarn().addKeyValue("topic", topic).addKeyValue("error", reason).log("record is unreadable");
        context.forward(Incoming.deadLetter(message, context.recordMetadata(), topic, reason));
    }

    private void tick() {
        if (!live) {
            live = catchUp.isDone();
            if (!live) {
                return;
            }
            LOGGER.atInfo()
                    .addKeyValue("partition", context.taskId().partition())
                    .log("all that the log held is read");
        }
        Instant now = now();
        int fired = 0;
        while (fired < parts.firesATick()) {
            Optional<String> stanza = due.takeDue(now);
            if (stanza.isEmpty()) {
                break;
            }
            fired += fire(stanza.get());
        }
        if (fired > 0) {
            context.commit();
        }
    }

    private int fire(String stanza) {
        Ledger ledger = ledgers.get(stanza);
        if (ledger == null) {
            return 0;
        }
        Moment moment = moment();
        desk.advance(ledger, moment);
        keep(ledger, moment, Causation.none());
        return Math.max(1, moment.outbox().size());
    }

    private void keep(Ledger ledger, Moment moment, Causation causation) {
        ledgers.put(ledger.stanza, ledger.isEmpty() ? null : ledger);
        for (SpecificRecord event : moment.outbox().events()) {
            context.forward(records.of(event, causation, moment.now()));
        }
        due.put(ledger.stanza, desk.wake(ledger, moment.now()));
    }

    private Moment moment() {
        return new Moment(now(), live, new Outbox());
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        catchUp.abandon();
        incoming.close();
        records.close();
    }
}
