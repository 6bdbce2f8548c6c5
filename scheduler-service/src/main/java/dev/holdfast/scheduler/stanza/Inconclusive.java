package dev.holdfast.scheduler.stanza;

import java.time.Instant;

/**
 * A restore test that could not tell.
 *
 * @param at when it ended
 * @param reason why, for people
 */
public record Inconclusive(Instant at, String reason) {}
