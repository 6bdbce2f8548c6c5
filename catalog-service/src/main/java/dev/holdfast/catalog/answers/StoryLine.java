package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * One event of a story.
 *
 * @param type the event's name, such as BackupStarted
 * @param at when its producer wrote it
 * @param recordedAt the timestamp of its record in Kafka
 * @param producer who wrote it
 * @param eventId its identity
 * @param event the whole event
 */
public record StoryLine(String type, Instant at, Instant recordedAt, JsonNode producer, UUID eventId, JsonNode event) {}
