package dev.holdfast.cli.follow;

import java.time.Instant;

/**
 * One event of a request's story.
 *
 * @param type short name of the event
 * @param at when it happened, UTC
 * @param producer service and instance that wrote it
 */
public record StoryLine(String type, Instant at, String producer) {}
