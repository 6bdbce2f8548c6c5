package dev.holdfast.validator.proof;

/** What a test says of a backup. */
public enum Verdict {
    /** It restores, to the point asked for, and its content is sound. */
    PASSED,
    /** The backup or its WAL is at fault. */
    FAILED,
    /** Retention took it away before or while it was tested. */
    EXPIRED,
    /** The sandbox, the set-up or the request is at fault: nothing is known about the backup. */
    INCONCLUSIVE
}
