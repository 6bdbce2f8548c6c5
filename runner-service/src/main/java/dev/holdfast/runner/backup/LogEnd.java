package dev.holdfast.runner.backup;

/** The end of the log, as it moves. */
public interface LogEnd {

    /**
     * Waits until the {@link RequestMemory} holds everything that is in the log by now, for as long as Kafka is away.
     * Whoever was away himself, frozen or cut off, learns by it what others did meanwhile.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    void awaitRead() throws InterruptedException;
}
