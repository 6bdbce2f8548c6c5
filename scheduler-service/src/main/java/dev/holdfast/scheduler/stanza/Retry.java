package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import java.time.Instant;

/** A retry to come: {@code request} is what will be published at {@code due}. */
public record Retry(Instant due, BackupRequested request) {}
