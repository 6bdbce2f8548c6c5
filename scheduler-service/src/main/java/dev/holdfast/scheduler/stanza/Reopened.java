package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.SlotKind;
import java.time.Instant;
import java.util.List;

/**
 * Slots of a schedule of which the log says that they have not been concluded.
 *
 * @param kind what the schedule asked for
 * @param policyDigest of the policy that it was in
 * @param slots in order; not empty
 */
public record Reopened(SlotKind kind, String policyDigest, List<Instant> slots) {

    /** Keeps a copy. */
    public Reopened {
        slots = List.copyOf(slots);
    }

    Reopened without(List<Instant> concluded) {
        return new Reopened(
                kind,
                policyDigest,
                slots.stream().filter(slot -> !concluded.contains(slot)).toList());
    }
}
