package dev.holdfast.scheduler.streams;

import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestQueued;
import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the gate's places, tells stanzas what was let in, and tells the world what has to wait. There is one of it: its
 * topic has one partition, because a cap over all pools is one number.
 */
final class GateProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

    /** The store of places, by the id of the backup's request or of the test. */
    static final String STORE = "places";

    private static final Duration LOOK_AT_POOLS = Duration.ofSeconds(1);

    private final SchedulerTopology.Parts parts;
    private final Gate gate;
    private final OutgoingRecords records;
    private ProcessorContext<byte[], Outgoing> context;
    private KeyValueStore<String, Gate.Entry> places;
    private @Nullable Cancellable look;
    private Instant refreshed = Instant.EPOCH;

    @SuppressWarnings("NullAway.Init") // the rest comes with init, which Streams calls first
    GateProcessor(SchedulerTopology.Parts parts) {
        this.parts = parts;
        this.gate = new Gate(parts.caps(), parts.pools());
        this.records = new OutgoingRecords(parts.connection());
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> given) {
        this.context = given;
        this.places = given.getStateStore(STORE);
        try (KeyValueIterator<String, Gate.Entry> all = places.all()) {
            all.forEachRemaining(entry -> gate.restore(entry.value));
        }
        watchPools();
    }

    /** As long as somebody waits, a pool that comes or goes may change who is let in. */
    private void watchPools() {
        Cancellable running = look;
        if (running == null && gate.isWaitedAt()) {
            look = context.schedule(LOOK_AT_POOLS, PunctuationType.WALL_CLOCK_TIME, timestamp -> lookAtPools());
        } else if (running != null && !gate.isWaitedAt()) {
            running.cancel();
            look = null;
        }
    }

    private void lookAtPools() {
        refresh();
        letIn();
        watchPools();
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        GateMessage told = GateCodec.message(message.value());
        if (refreshed.plus(LOOK_AT_POOLS).isBefore(parts.clock().instant())) {
            refresh();
        }
        gate.accept(told)
                .ifPresentOrElse(this::keep, () -> places.delete(told.id().toString()));
        letIn();
        if (told instanceof GateMessage.Wish wish) {
            gate.whyWaiting(wish.id()).ifPresent(reason -> tellQueued(wish.place(), reason));
        }
        watchPools();
    }

    private void refresh() {
        gate.refresh();
        refreshed = parts.clock().instant();
    }

    private void letIn() {
        List<Gate.Entry> letIn = gate.letIn();
        for (Gate.Entry entry : letIn) {
            keep(entry);
            Place place = entry.place();
            context.forward(new Record<>(
                    bytes(place.stanza()),
                    Outgoing.toStanza(GateCodec.letIn(place.id())),
                    parts.clock().millis()));
        }
    }

    private void keep(Gate.Entry entry) {
        places.put(entry.place().id().toString(), entry);
    }

    private void tellQueued(Place place, Gate.Reason reason) {
        Instant now = Instant.ofEpochMilli(parts.clock().millis());
        RequestQueued.Builder queued = RequestQueued.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(place.stanza())
                .setRequestId(place.requestId())
                .setProducer(parts.producer())
                .setKind(place.kind())
                .setSince(place.due())
                .setNotAfter(place.notAfter())
                .setCause(reason.cause())
                .setWaiting(reason.waiting())
                .setDetail(reason.detail());
        place.schedule().ifPresent(queued::setSchedule);
        place.slot().ifPresent(queued::setSlot);
        if (!place.pool().isEmpty()) {
            queued.setPool(place.pool());
        }
        if (place.kind() == RequestKind.RESTORE_TEST) {
            queued.setTestId(place.id());
        }
        context.forward(records.of(queued.build(), Causation.none(), now));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        records.close();
    }
}
