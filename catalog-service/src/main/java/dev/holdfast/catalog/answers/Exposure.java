package dev.holdfast.catalog.answers;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What would be lost if the primary vanished now.
 *
 * @param stanza the stanza
 * @param recoverableTo the latest instant it can be restored to; null where not known
 * @param loss from then to now, ISO-8601 duration; null where not known
 * @param observedAt when the repository was last looked at; null if never
 * @param basis what this rests on, in words
 */
public record Exposure(
        String stanza,
        @Nullable Instant recoverableTo,
        @Nullable Duration loss,
        @Nullable Instant observedAt,
        String basis) {}
