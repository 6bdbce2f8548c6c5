package dev.holdfast.scheduler.stanza;

import java.time.Instant;

/** A declared state of an objective. */
public record ObjectiveStatus(boolean met, Instant since) {}
