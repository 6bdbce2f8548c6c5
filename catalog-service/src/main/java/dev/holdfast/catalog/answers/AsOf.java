package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What part of the log an answer reflects.
 *
 * @param position records read of each topic, by the topic's name; empty for an answer of the past, whose bound is an instant
 * @param recordedAt timestamp of the newest record that it reflects; null before the first
 * @param caughtUp true if everything the brokers had a moment ago is in; false also where that is not known
 * @param instant the past instant that was asked about; null for an answer of the present
 */
public record AsOf(
        Map<String, Long> position,
        @Nullable Instant recordedAt,
        boolean caughtUp,
        @Nullable Instant instant) {

    /** Copies the position. */
    public AsOf {
        position = Map.copyOf(position);
    }
}
