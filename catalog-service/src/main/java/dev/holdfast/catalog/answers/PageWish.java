package dev.holdfast.catalog.answers;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted.
 *
 * @param limit items at most, 1 to {@link #LARGEST}
 * @param cursor where it begins: a page's {@code next}; null for the first page
 */
public record PageWish(int limit, @Nullable String cursor) {

    /** The largest page. */
    public static final int LARGEST = 500;

    /** Checks the limit. */
    public PageWish {
        if (limit < 1 || limit > LARGEST) {
            throw new BadQuestionException("limit is %d; expected 1 to %d".formatted(limit, LARGEST));
        }
    }

    /** The first page. */
    public static PageWish first(int limit) {
        return new PageWish(limit, null);
    }
}
