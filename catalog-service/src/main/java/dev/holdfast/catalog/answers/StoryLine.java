package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of a story.
 *
 * @param type the event's name, such as BackupStarted
 * @param at when its producer wrote it
 * @param recordedAt the timestamp of its record in Kafka
 * @param producer who wrote it
 * @param eventId its identity
 * @param traceparent the W3C trace that its record belongs to; null if it says none
 * @param event the whole event
 */
public record StoryLine(
        String type,
        Instant at,
        Instant recordedAt,
        JsonNode producer,
        UUID eventId,
        @Nullable String traceparent,
        JsonNode event) {}
