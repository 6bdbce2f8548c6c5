package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; every part that is null lets all pass.
 *
 * @param stanza of this stanza
 * @param type of this type
 * @param since written at this instant or later, by the record's timestamp
 * @param until written at this instant or before, by the record's timestamp
 */
public record EventFilter(
        @Nullable String stanza,
        @Nullable String type,
        @Nullable Instant since,
        @Nullable Instant until) {}
