package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.BadQuestionException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The last row of a page in a list that runs backwards in time: the next page holds what comes before it, whatever has
 * been added meanwhile.
 *
 * @param at the row's instant
 * @param key what tells it from others of the same instant
 */
record Cursor(Instant at, String key) {

    private static final String SEPARATOR = " ";

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((at + SEPARATOR + key).getBytes(StandardCharsets.UTF_8));
    }

    /** The cursor that a caller sent back; null for none. */
    static @Nullable Cursor of(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int separator = decoded.indexOf(SEPARATOR);
            if (separator < 0 || decoded.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no separator");
            }
            return new Cursor(Instant.parse(decoded.substring(0, separator)), decoded.substring(separator + 1));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadQuestionException(
                    "cursor is '%s'; expected the 'next' of an earlier answer of the same list".formatted(text), e);
        }
    }
}
