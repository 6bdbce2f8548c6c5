package dev.holdfast.validator.proof;

import java.util.OptionalLong;

/** What a running proof does at present; written by the proof, read by whoever tells others. */
public final class ProofProgress {

    private volatile String phase = "sandbox";
    private volatile long bytes = -1;

    /** What it does: sandbox, wal-continuity, restore, replay, or the name of a check. */
    public String phase() {
        return phase;
    }

    /** Bytes written into the workspace so far; empty while unknown. */
    public OptionalLong bytes() {
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
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
