package dev.holdfast.cli;

/** How {@code holdfast} ends, for scripts. The README's table says the same. */
public enum ExitStatus {
    /** Done, and the result is good. */
    GOOD(0),
    /** Done, and the result is bad: a failed backup, a disproven one, a breached objective, nothing of that name. */
    BAD(1),
    /** The command line cannot mean anything. */
    USAGE(2),
    /** Kafka, the registry, the catalog or the scheduler cannot be reached. */
    UNREACHABLE(3),
    /** What was waited for did not happen in time. It may still. */
    TIMED_OUT(4);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** The number that the process ends with. */
    public int code() {
        return code;
    }
}
