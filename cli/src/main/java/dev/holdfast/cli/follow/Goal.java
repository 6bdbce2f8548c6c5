package dev.holdfast.cli.follow;

/** What is waited for. */
public enum Goal {
    /** The backup lies in the repository. */
    COMPLETED,
    /** It was restored, and every check passed. */
    PROVEN
}
