package dev.holdfast.validator.proof;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a running proof does at present; written by the proof, read by whoever tells others. And the one way to end it from
 * outside.
 */
public final class ProofProgress {

    private volatile String phase = "sandbox";
    private volatile long bytes = -1;
    private final CompletableFuture<String> cancelled = new CompletableFuture<>();

    /** What it does: sandbox, wal-continuity, restore, replay, or the name of a check. */
    public String phase() {
        return phase;
    }

    /** Bytes written into the workspace so far; empty while unknown. */
    public OptionalLong bytes() {
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** Ends the proof as soon as may be. Nothing happens if it has come to its conclusion. Safe to call again. */
    public void cancel(String why) {
        cancelled.complete(why);
    }

    /** What ends the proof; run in the thread that cancels, or at once if that has happened already. */
    void whenCancelled(Consumer<String> end) {
        // what the end does wrong is its own to log
        CompletableFuture<Void> _ = cancelled.thenAccept(end);
    }

    /** Enters a phase. */
    public void enter(String newPhase) {
        phase = newPhase;
    }

    /** Notes how much was written. */
    public void written(long newBytes) {
        bytes = newBytes;
    }
}
