package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which backups are wanted; every part that is null lets all pass.
 *
 * @param stanza of this stanza
 * @param type of this kind, as made
 * @param outcome with this status
 * @param proven true: whose proof passed; false: whose did not, or who have none
 * @param from begun at this instant or later
 * @param to begun before this instant
 * @param requestedBy asked for by this principal
 */
public record BackupFilter(
        @Nullable String stanza,
        @Nullable String type,
        @Nullable String outcome,
        @Nullable Boolean proven,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String requestedBy) {

    /** All of one stanza's, or of all. */
    public static BackupFilter ofStanza(@Nullable String stanza) {
        return new BackupFilter(stanza, null, null, null, null, null, null);
    }
}
