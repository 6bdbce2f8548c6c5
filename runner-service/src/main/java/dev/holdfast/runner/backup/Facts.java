package dev.holdfast.runner.backup;

import java.util.UUID;

/** The log, for writing. */
public interface Facts {

    /** Where a fact lies in its topic. */
    record Position(int partition, long offset) {}

    /**
     * Writes the claim and waits until it is in the log.
     *
     * @param eventId identity of the event
     * @throws InterruptedException if the runner stops meanwhile
     */
    Position started(BackupRequest request, int attempt, UUID eventId, RunPlan plan) throws InterruptedException;

    /**
     * Writes how a request ended: first to this host's disk, then to the log, however long that takes.
     *
     * @throws InterruptedException if the runner stops meanwhile; the fact is then written after its next start
     */
    void concluded(BackupOutcome outcome) throws InterruptedException;

    /** Writes a heartbeat, unless the log cannot be reached. Never blocks. */
    void progressed(BackupRequest request, int attempt, Progress progress);
}
