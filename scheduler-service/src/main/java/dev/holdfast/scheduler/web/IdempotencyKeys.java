package dev.holdfast.scheduler.web;

import java.util.UUID;

/** Holds each Idempotency-Key to what it was used for first, on whichever copy of the scheduler that was. */
public interface IdempotencyKeys {

    /**
     * True if the key was not used before, or for the same.
     *
     * @param requestId the id that principal and key make
     * @param fingerprint of what is asked for
     */
    boolean claim(UUID requestId, String fingerprint);
}
