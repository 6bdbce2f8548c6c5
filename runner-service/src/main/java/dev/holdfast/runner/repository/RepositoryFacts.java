package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.BackupSet;
import java.util.Optional;
import java.util.UUID;

/** The log, for what happens in repositories. Every method waits until the fact is in it. */
public interface RepositoryFacts {

    /** A backup that no request asked for. */
    void discovered(String stanza, BackupSet set) throws InterruptedException;

    /** A backup that retention removed; {@code rule} as configured. */
    void expired(String stanza, int repository, String label, Optional<UUID> requestId, String rule)
            throws InterruptedException;

    /** A backup that is gone although no expiry removed it; {@code detail} says what was seen. */
    void vanished(String stanza, int repository, String label, Optional<UUID> requestId, String detail)
            throws InterruptedException;

    /** What a repository holds. */
    void observed(String stanza, Observation observation) throws InterruptedException;

    /** A named point in the WAL. */
    void restorePoint(String stanza, RestorePoint point, Optional<String> label, Optional<UUID> requestId)
            throws InterruptedException;
}
