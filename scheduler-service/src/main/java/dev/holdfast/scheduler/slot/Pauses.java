package dev.holdfast.scheduler.slot;

import dev.holdfast.events.Pause;
import java.time.Instant;
import java.util.Optional;

/** What a pause covers. */
public final class Pauses {

    private Pauses() {}

    /** True if there is a pause and it covers the instant: from its beginning to its end, that one exclusive. */
    public static boolean cover(Optional<Pause> pause, Instant instant) {
        return pause.filter(known -> !instant.isBefore(known.getSince()))
                .filter(known -> known.getUntil().map(instant::isBefore).orElse(true))
                .isPresent();
    }

    /** Who paused it and why, for people. */
    public static String inWords(Pause pause) {
        return "paused by %s: %s".formatted(pause.getBy().getPrincipal(), pause.getReason());
    }
}
