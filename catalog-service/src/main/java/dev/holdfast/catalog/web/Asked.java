package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Past;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a question to the present or, with {@code asOf}, to the past.
 *
 * @param catalog of the present
 * @param clock of the present
 */
record Asked(Catalog catalog, Clock clock) {

    /** Of the past only one stanza's part where that is enough. */
    <T> T of(@Nullable Instant asOf, @Nullable String stanza, Function<Catalog, T> question) {
        if (asOf == null) {
            return question.apply(catalog);
        }
        if (asOf.isAfter(clock.instant())) {
            throw new BadQuestionException(
                    "asOf is %s, which is in the future; expected a past instant".formatted(asOf));
        }
        return catalog.asOf(new Past(asOf, stanza), question);
    }

    /** What time it is to the question. */
    Clock clockOf(@Nullable Instant asOf) {
        return asOf == null ? clock : Clock.fixed(asOf, ZoneOffset.UTC);
    }
}
