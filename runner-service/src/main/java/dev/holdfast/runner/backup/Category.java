package dev.holdfast.runner.backup;

/** What sort of failure it was, and with it who has to act. */
public enum Category {
    /** Trying again may help. */
    RETRYABLE,
    /** Somebody else holds what is needed. */
    CONFLICT,
    /** Somebody must change the set-up. */
    CONFIGURATION,
    /** Data is damaged: look at once. */
    CORRUPTION,
    /** The repository's storage refuses. */
    STORAGE,
    /** Somebody asked for the end. */
    CANCELLED,
    /** It took longer than allowed. */
    TIMEOUT,
    /** A fault of pgBackRest or of the runner. */
    INTERNAL;

    /** True if the same request may well succeed later without anybody acting. */
    public boolean retryable() {
        return switch (this) {
            case RETRYABLE, CONFLICT, TIMEOUT -> true;
            case CONFIGURATION, CORRUPTION, STORAGE, CANCELLED, INTERNAL -> false;
        };
    }
}
