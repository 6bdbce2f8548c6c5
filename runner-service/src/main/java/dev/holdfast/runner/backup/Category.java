package dev.holdfast.runner.backup;

/** What sort of failure it was, and with it who has to act. {@code docs/reference/errors.md} is made from these words. */
public enum Category {
    /**
     * Trying again may help.
     *
     * <p>The policy's retry does; ask again by hand otherwise.
     */
    RETRYABLE,
    /**
     * Somebody else holds what is needed.
     *
     * <p>Wait for the other pgBackRest, or find it.
     */
    CONFLICT,
    /**
     * Somebody must change the set-up.
     *
     * <p>The event's hint says what; {@code holdfast doctor} on that host says more.
     */
    CONFIGURATION,
    /**
     * Data is damaged: look at once.
     *
     * <p>Take a full backup, and ask for a proof of it.
     */
    CORRUPTION,
    /**
     * The repository's storage refuses.
     *
     * <p>Free space or lower retention; check mount, owner and keys.
     */
    STORAGE,
    /**
     * Somebody asked for the end.
     *
     * <p>Nothing, if it was meant.
     */
    CANCELLED,
    /**
     * It took longer than allowed.
     *
     * <p>Raise {@code HOLDFAST_RUNNER_TIME_LIMIT}, or make the backup faster (docs/tuning.md).
     */
    TIMEOUT,
    /**
     * A fault of pgBackRest or of the runner.
     *
     * <p>Keep the event's log and the runner's, and report it.
     */
    INTERNAL;

    /** True if the same request may well succeed later without anybody acting. */
    public boolean retryable() {
        return switch (this) {
            case RETRYABLE, CONFLICT, TIMEOUT -> true;
            case CONFIGURATION, CORRUPTION, STORAGE, CANCELLED, INTERNAL -> false;
        };
    }
}
