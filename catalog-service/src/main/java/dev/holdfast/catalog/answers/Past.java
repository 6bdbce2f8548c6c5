package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the log had said by an instant.
 *
 * @param instant the instant; records with a later timestamp are left out
 * @param stanza whose part of the log is enough for the question; null for all of it
 */
public record Past(Instant instant, @Nullable String stanza) {}
