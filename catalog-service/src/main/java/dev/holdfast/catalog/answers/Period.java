package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time, open at an end that is null.
 *
 * @param from its begin, which belongs to it
 * @param to its end, which does not
 */
public record Period(@Nullable Instant from, @Nullable Instant to) {

    /** All time. */
    public static final Period ALWAYS = new Period(null, null);

    /** Refuses an end that is not after the begin. */
    public Period {
        if (from != null && to != null && !to.isAfter(from)) {
            throw new BadQuestionException("to is %s; expected an instant after from, %s".formatted(to, from));
        }
    }
}
