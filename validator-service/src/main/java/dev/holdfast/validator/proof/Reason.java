package dev.holdfast.validator.proof;

/** Why a test ended as it did, for programs. Each belongs to one verdict. */
public enum Reason {
    /** All checks passed. */
    OK(Verdict.PASSED),
    /** Segments that the target needs are missing from the archive. */
    WAL_GAP(Verdict.FAILED),
    /** A segment is there but cannot be read or replayed. */
    WAL_DAMAGED(Verdict.FAILED),
    /** Files of the backup are damaged or missing. */
    BACKUP_DAMAGED(Verdict.FAILED),
    /** The repository's own records are damaged or missing. */
    REPOSITORY_DAMAGED(Verdict.FAILED),
    /** PostgreSQL does not start on what was restored. */
    START_FAILED(Verdict.FAILED),
    /** Recovery ended, but not where it was told to. */
    TARGET_NOT_REACHED(Verdict.FAILED),
    /** The restored content is damaged. */
    CONTENT_DAMAGED(Verdict.FAILED),
    /** The restored content is sound, and not what the user demands of it. */
    ASSERTION_FAILED(Verdict.FAILED),
    /** Retention removed the backup. */
    EXPIRED(Verdict.EXPIRED),
    /** The request is malformed. */
    INVALID(Verdict.INCONCLUSIVE),
    /** The request is past its time. */
    REQUEST_EXPIRED(Verdict.INCONCLUSIVE),
    /** Somebody cancelled it. */
    CANCELLED(Verdict.INCONCLUSIVE),
    /** No such backup was ever listed. */
    UNKNOWN_BACKUP(Verdict.INCONCLUSIVE),
    /** The stanza has no backup. */
    NO_BACKUP(Verdict.INCONCLUSIVE),
    /** The point asked for lies outside what backup and archive hold. */
    TARGET_UNREACHABLE(Verdict.INCONCLUSIVE),
    /** The configuration, its secrets or its rights are wrong. */
    CONFIGURATION(Verdict.INCONCLUSIVE),
    /** The repository cannot be reached, or cannot be read any more. */
    REPOSITORY_UNREACHABLE(Verdict.INCONCLUSIVE),
    /** The container engine does not answer. */
    ENGINE(Verdict.INCONCLUSIVE),
    /** The sandbox image is missing or lacks something. */
    IMAGE(Verdict.INCONCLUSIVE),
    /** Not enough disk for the restored cluster. */
    SPACE(Verdict.INCONCLUSIVE),
    /** Not enough memory in the sandbox. */
    MEMORY(Verdict.INCONCLUSIVE),
    /** The test took longer than allowed. */
    TIMEOUT(Verdict.INCONCLUSIVE),
    /** The sandbox failed in a way that says nothing about the backup. */
    SANDBOX(Verdict.INCONCLUSIVE),
    /** A check could not run. */
    CHECK_NOT_RUN(Verdict.INCONCLUSIVE),
    /** The archive changed in a way that no expiry and no archiving explains. */
    ARCHIVE_CHANGED(Verdict.INCONCLUSIVE),
    /** Every validator that tried it died. */
    VALIDATOR_DIED(Verdict.INCONCLUSIVE);

    private final Verdict verdict;

    Reason(Verdict verdict) {
        this.verdict = verdict;
    }

    /** The verdict that this reason means. */
    public Verdict verdict() {
        return verdict;
    }
}
