package dev.holdfast.runner.repository;

import java.time.Instant;

/**
 * A stretch of time to which the cluster can be restored.
 *
 * @param from the earliest instant: one second after the oldest backup's end, because pgBackRest compares whole seconds
 * @param to when the last segment of the stretch was archived: an upper bound, nothing later can be in it
 * @param label the oldest backup that the stretch starts from
 * @param wal the stretch of WAL
 */
public record RecoveryWindow(Instant from, Instant to, String label, WalRange wal) {}
