package dev.holdfast.validator.claim;

import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import java.util.UUID;

/** Where claims, heartbeats and verdicts are written. Claims and verdicts are in the log when the method returns. */
public interface Journal {

    /**
     * Where a claim lies in the log.
     *
     * @param eventId its identity
     * @param partition the partition of the restore test events
     * @param offset its offset there
     */
    record Position(UUID eventId, int partition, long offset) {}

    /** Announces that this validator begins an attempt. It counts only if it is the first of its attempt in the log. */
    Position claim(TestRequest request, int attempt);

    /** A sign of life; may get lost. */
    void progressed(TestRequest request, int attempt, ProofProgress progress);

    /** The verdict. */
    void completed(TestRequest request, int attempt, ProofReport report);
}
