package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What part of the log an answer reflects.
 *
 * @param position records read of each topic, by the topic's name
 * @param recordedAt timestamp of the newest record read; null before the first
 * @param caughtUp true if everything the brokers had a moment ago is in; false also where that is not known
 */
public record AsOf(Map<String, Long> position, @Nullable Instant recordedAt, boolean caughtUp) {

    /** Copies the position. */
    public AsOf {
        position = Map.copyOf(position);
    }
}
