package dev.holdfast.runner.backup;

/** Why the runner ends a run. Losing a Kafka partition is no cause. */
public enum StopCause {
    /** Somebody asked for it. */
    CANCELLED,
    /** It took longer than allowed. */
    TIME_LIMIT,
    /** The log shows a later claim of the request: the run belongs to somebody else now. */
    SUPERSEDED
}
