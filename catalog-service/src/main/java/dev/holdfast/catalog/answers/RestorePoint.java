package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A named place in the WAL that a restore can aim at.
 *
 * @param name its name
 * @param createdAt when it was written, by the database's clock
 * @param lsn where it lies
 * @param walSegment the segment that holds it
 * @param label the backup that it follows; null if none
 * @param requestId the request after which it was made; null if none
 */
public record RestorePoint(
        String name,
        Instant createdAt,
        String lsn,
        String walSegment,
        @Nullable String label,
        @Nullable UUID requestId) {}
