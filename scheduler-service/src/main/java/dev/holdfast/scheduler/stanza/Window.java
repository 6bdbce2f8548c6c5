package dev.holdfast.scheduler.stanza;

import java.time.Instant;

/** A stretch of time to which the cluster can be restored. */
public record Window(Instant from, Instant to) {}
