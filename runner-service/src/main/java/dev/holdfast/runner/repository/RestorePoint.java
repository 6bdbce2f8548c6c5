package dev.holdfast.runner.repository;

import java.time.Instant;

/**
 * A named point in the WAL that a proof can aim at. It counts only once the segment that holds it is archived.
 *
 * @param name its name
 * @param lsn where it lies
 * @param segment the segment that holds it
 * @param createdAt when it was written, by the database's clock
 */
public record RestorePoint(String name, String lsn, String segment, Instant createdAt) {}
