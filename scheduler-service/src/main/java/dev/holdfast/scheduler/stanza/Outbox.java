package dev.holdfast.scheduler.stanza;

import dev.holdfast.scheduler.gate.GateMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Events to publish, in order, with the step that caused them in one transaction. */
public final class Outbox {

    private final List<SpecificRecord> events = new ArrayList<>();
    private final List<GateMessage> toGate = new ArrayList<>();

    void add(SpecificRecord event) {
        events.add(event);
    }

    void tell(GateMessage message) {
        toGate.add(message);
    }

    /** What the gate is told. */
    public List<GateMessage> toGate() {
        return List.copyOf(toGate);
    }

    /** What is to be published. */
    public List<SpecificRecord> events() {
        return List.copyOf(events);
    }

    /** How many records it makes. */
    public int size() {
        return events.size() + toGate.size();
    }
}
