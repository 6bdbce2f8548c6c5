package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event as it lies in the log.
 *
 * @param cursor where the next event begins: pass it as {@code from}
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset
 * @param recordedAt the record's timestamp
 * @param type the event's name
 * @param known false for a type that this version does not know, or one on a topic that it does not belong to
 * @param eventId its identity
 * @param at when its producer wrote it
 * @param stanza null for an announcement
 * @param requestId null for a fact that nobody asked for
 * @param event the whole event
 */
public record RawEvent(
        String cursor,
        String topic,
        int partition,
        long offset,
        Instant recordedAt,
        String type,
        boolean known,
        UUID eventId,
        Instant at,
        @Nullable String stanza,
        @Nullable UUID requestId,
        JsonNode event) {}
