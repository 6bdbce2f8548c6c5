package dev.holdfast.runner.backup;

/** Why nothing was run, and what to do about it. {@code docs/reference/errors.md} is made from these words. */
public enum Rejection {
    /**
     * The request has a field that cannot be taken.
     *
     * <p>The event's detail names the field and what was expected. Correct the program that asked.
     */
    INVALID,
    /**
     * It came, or its turn came, after the instant until which it was wanted.
     *
     * <p>Ask again. If it happens often, raise {@code notAfter}, or find out what keeps the runner busy or away.
     */
    EXPIRED,
    /**
     * The same request was served before, or is being served.
     *
     * <p>Nothing: the first one's fact is the answer.
     */
    DUPLICATE,
    /**
     * Somebody ran {@code pgbackrest stop}.
     *
     * <p>Ask why, then {@code pgbackrest --stanza=STANZA start}. Until then nothing is archived either.
     */
    PAUSED,
    /**
     * Somebody cancelled it before it began.
     *
     * <p>Nothing, if it was meant.
     */
    CANCELLED,
    /**
     * The cluster behind the stanza is not the one that it was created for.
     *
     * <p>If it was upgraded or replaced on purpose: {@code pgbackrest stanza-upgrade}, or what the event's detail says. If not:
     * {@code pg1-path} is wrong.
     */
    SYSTEM_CHANGED
}
