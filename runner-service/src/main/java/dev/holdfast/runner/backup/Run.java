package dev.holdfast.runner.backup;

import java.nio.file.Path;
import java.util.UUID;

/**
 * A run that is written down on this host: prepared, running or ended, but not yet concluded.
 *
 * @param request what is served
 * @param attempt which claim of it
 * @param startedEventId identity of the event that claims it
 * @param folder where the run leaves its traces
 */
public record Run(BackupRequest request, int attempt, UUID startedEventId, Path folder) {}
