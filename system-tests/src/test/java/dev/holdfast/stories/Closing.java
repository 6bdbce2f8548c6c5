package dev.holdfast.stories;

import java.util.Deque;

/** Ends a pile of things, the newest first, and each of them although another one could not be ended. */
final class Closing {

    private Closing() {}

    static void all(Deque<AutoCloseable> open) {
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
