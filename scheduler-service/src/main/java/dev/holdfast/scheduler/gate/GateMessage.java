package dev.holdfast.scheduler.gate;

import java.util.UUID;

/** What a stanza tells the gate. Told twice, it changes nothing the second time. */
public sealed interface GateMessage {

    /** The request's id, or the restore test's own. */
    UUID id();

    /** It would be asked for now, and waits to be let in. */
    record Wish(Place place) implements GateMessage {
        @Override
        public UUID id() {
            return place.id();
        }
    }

    /** It has been asked for already, by whomever: it counts, but can't be held back. */
    record Take(Place place) implements GateMessage {
        @Override
        public UUID id() {
            return place.id();
        }
    }

    /** It is over, or not wished for any more. */
    record Free(UUID id) implements GateMessage {}
}
