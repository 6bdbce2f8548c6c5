package dev.holdfast.validator.proof;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for a step of a proof that runs beside another. */
final class Together {

    private Together() {}

    /** What the step returned. What it threw is thrown here. */
    static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProofStopped stopped) {
                throw stopped;
            }
            throw new IllegalStateException("a step of the proof broke off: " + e.getCause(), e.getCause());
        }
    }
}
