package dev.holdfast.scheduler.stanza;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Events to publish, in order, with the step that caused them in one transaction. */
public final class Outbox {

    private final List<SpecificRecord> events = new ArrayList<>();

    void add(SpecificRecord event) {
        events.add(event);
    }

    /** What is to be published. */
    public List<SpecificRecord> events() {
        return List.copyOf(events);
    }

    /** How many there are. */
    public int size() {
        return events.size();
    }
}
