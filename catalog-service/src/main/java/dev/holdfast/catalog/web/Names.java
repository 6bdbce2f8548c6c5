package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.schemas.StanzaName;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the names in a question before anything is looked up. */
final class Names {

    private static final Pattern LABEL = Pattern.compile("[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?");
    private static final int LONGEST = 200;
    private static final Duration LONGEST_TIME = Duration.ofDays(36_500);

    private Names() {}

    static String stanza(String text) {
        if (!StanzaName.isValid(text)) {
            throw new BadQuestionException("stanza is '%s'; expected %s".formatted(shortened(text), StanzaName.rule()));
        }
        return text;
    }

    static @Nullable String stanzaOrAll(@Nullable String text) {
        return text == null || text.isEmpty() ? null : stanza(text);
    }

    static String label(String text) {
        if (!LABEL.matcher(text).matches()) {
            throw new BadQuestionException(
                    "label is '%s'; expected one of pgBackRest's, such as 20261122-020003F or 20261122-020003F_20261122-080002D"
                            .formatted(shortened(text)));
        }
        return text;
    }

    static @Nullable String labelOrAll(@Nullable String text) {
        return text == null || text.isEmpty() ? null : label(text);
    }

    /** One of these words, in any case; null for none. */
    static @Nullable String word(String name, @Nullable String text, List<String> allowed) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return allowed.stream()
                .filter(word -> word.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new BadQuestionException(
                        "%s is '%s'; expected one of %s".formatted(name, shortened(text), String.join(", ", allowed))));
    }

    /** Any text of a sensible length; null for none. */
    static @Nullable String text(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadQuestionException(
                    "%s is '%s'; expected at most %d printable characters".formatted(name, shortened(text), LONGEST));
        }
        return text;
    }

    /** A length of time such as PT24H or P7D, above zero and at most a hundred years. */
    static Duration length(String name, String text) {
        try {
            Duration length = Duration.parse(text);
            if (length.isPositive() && length.compareTo(LONGEST_TIME) <= 0) {
                return length;
            }
        } catch (DateTimeParseException e) {
            throw new BadQuestionException(expectedLength(name, text), e);
        }
        throw new BadQuestionException(expectedLength(name, text));
    }

    private static String expectedLength(String name, String text) {
        return "%s is '%s'; expected a length of time such as PT24H or P7D".formatted(name, shortened(text));
    }

    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
