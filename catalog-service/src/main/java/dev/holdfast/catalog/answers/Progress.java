package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has got.
 *
 * @param phase what it does at present
 * @param percent 0 to 100; null while unknown
 * @param bytesDone null while unknown
 * @param bytesTotal null while unknown
 * @param at when it said so
 */
public record Progress(
        String phase,
        @Nullable Double percent,
        @Nullable Long bytesDone,
        @Nullable Long bytesTotal,
        Instant at) {}
