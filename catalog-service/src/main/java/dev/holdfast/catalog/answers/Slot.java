package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A scheduled instant and how it ended.
 *
 * @param stanza the stanza
 * @param schedule the schedule's name
 * @param kind BACKUP or RESTORE_TEST
 * @param slot the scheduled instant
 * @param outcome REQUESTED, SKIPPED_OVERLAP, SKIPPED_BLACKOUT, SKIPPED_PAUSED, SUPERSEDED, MISSED or CAUGHT_UP
 * @param requestId the request that was made; null if none was
 * @param reason why, for people
 * @param requestedType the kind of backup requested; null for a test or where nothing was
 * @param requestState what became of the request; null where none was made, or nothing is known of it
 */
public record Slot(
        String stanza,
        String schedule,
        String kind,
        Instant slot,
        String outcome,
        @Nullable UUID requestId,
        String reason,
        @Nullable String requestedType,
        @Nullable String requestState) {}
