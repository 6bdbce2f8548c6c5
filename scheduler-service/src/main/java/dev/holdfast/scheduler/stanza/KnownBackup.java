package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupType;
import java.time.Instant;

/**
 * A good backup.
 *
 * @param type the kind that was really made
 * @param shape what a restore of it reads, such as FULL+DIFF
 * @param finishedAt by pgBackRest's clock
 */
public record KnownBackup(String label, int repository, BackupType type, String shape, Instant finishedAt) {}
