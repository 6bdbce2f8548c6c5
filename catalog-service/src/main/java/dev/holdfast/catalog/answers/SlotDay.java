package dev.holdfast.catalog.answers;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How many slots of a stanza ended in one way on one day.
 *
 * @param stanza the stanza
 * @param day the day, UTC
 * @param outcome as a slot's
 * @param requestState what became of the requests; null where none was made, or nothing is known of them
 * @param slots how many
 */
public record SlotDay(
        String stanza,
        LocalDate day,
        String outcome,
        @Nullable String requestState,
        int slots) {}
