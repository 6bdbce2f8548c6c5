package dev.holdfast.testsupport.outside;

import java.util.Deque;

/** Ends a pile of things, the newest first, and each of them although another one could not be ended. */
public final class Closing {

    private Closing() {}

    public static void all(Deque<AutoCloseable> open) {
        IllegalStateException trouble = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                trouble = trouble == null ? new IllegalStateException("not everything could be ended") : trouble;
                trouble.addSuppressed(e);
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }
}
