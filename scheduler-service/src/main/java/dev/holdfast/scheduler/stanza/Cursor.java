package dev.holdfast.scheduler.stanza;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a schedule has come.
 *
 * @param through every slot up to here has been dealt with
 * @param waiting a slot that waits for a running request to end; null if none does
 */
public record Cursor(Instant through, @Nullable Instant waiting) {

    /** The slot that waits at a cursor, if there is one; null if none does. */
    static @Nullable Instant waitingAt(@Nullable Cursor cursor) {
        return cursor == null ? null : cursor.waiting();
    }
}
