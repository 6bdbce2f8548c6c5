package dev.holdfast.catalog.asking;

import java.util.UUID;

/** Where requests go. */
public interface RequestLog {

    /**
     * Writes a request down; returns once the log has it.
     *
     * @param requestId its identity; the same again is the same request
     * @throws NotTakenException if the log does not take it
     */
    void write(UUID requestId, Wish wish, Asker asker);
}
