package dev.holdfast.runner.backup;

/** Why nothing was run. */
public enum Rejection {
    INVALID,
    EXPIRED,
    DUPLICATE,
    PAUSED,
    CANCELLED,
    SYSTEM_CHANGED
}
