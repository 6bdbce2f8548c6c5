package dev.holdfast.validator.proof;

import java.time.Instant;

/**
 * A restore point as production announced it.
 *
 * @param name its name
 * @param lsn where it lies
 * @param at when it was made, by the announcement's clock
 */
public record Marker(String name, Lsn lsn, Instant at) {}
