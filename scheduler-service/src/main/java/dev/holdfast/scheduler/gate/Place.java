package dev.holdfast.scheduler.gate;

import dev.holdfast.events.RequestKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody wishes to run, or runs.
 *
 * @param id the backup request's id, or the restore test's own
 * @param requestId the id of the request that the events carry
 * @param pool whose members serve it; empty if no pool is known to
 * @param schedule the schedule that it comes from; empty if it comes from none
 * @param slot the scheduled instant; empty if it has none
 * @param due since when it could have been asked for
 * @param notAfter after this instant it is not asked for any more
 */
public record Place(
        UUID id,
        UUID requestId,
        RequestKind kind,
        String stanza,
        String pool,
        Optional<String> schedule,
        Optional<Instant> slot,
        Instant due,
        Instant notAfter) {

    /**
     * Who waits is let in by this order: due first; among those that are due at the same instant by their ids, which are
     * drawn from stanza, schedule and slot, so that it is another stanza's turn to be first at every slot.
     */
    public static final Comparator<Place> TURN =
            Comparator.comparing(Place::due).thenComparing(Place::id);
}
