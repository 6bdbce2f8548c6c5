package dev.holdfast.bench;

import java.time.Instant;

/** The wall clock in epoch microseconds, which differences can be printed of. */
final class Micros {

    private Micros() {}

    static long now() {
        return of(Instant.now());
    }

    static long of(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
