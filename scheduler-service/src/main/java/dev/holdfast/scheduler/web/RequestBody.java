package dev.holdfast.scheduler.web;

import dev.holdfast.schemas.StanzaName;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON body, read one by one; what is wrong with them is collected and told at once. */
final class RequestBody {

    private final Map<String, Object> fields;
    private final Set<String> known = new HashSet<>();
    private final List<Map<String, String>> errors = new ArrayList<>();

    RequestBody(Map<String, Object> fields) {
        this.fields = fields;
    }

    Optional<String> text(String name, int longest) {
        return value(name).flatMap(value -> {
            if (value instanceof String text && text.length() <= longest) {
                return Optional.of(text);
            }
            return wrong(name, "expected text of at most %d characters".formatted(longest));
        });
    }

    String stanza() {
        Optional<String> stanza = text("stanza", 1_000);
        if (stanza.isEmpty() && fields.get("stanza") == null) {
            wrong("stanza", "the field is missing");
        }
        return stanza.filter(name ->
                        StanzaName.isValid(name) || wrong("stanza", notA(name)).isPresent())
                .orElse("");
    }

    private static String notA(String stanza) {
        return "'%s' is no stanza; expected %s".formatted(stanza, StanzaName.rule());
    }

    <T> Optional<T> parsed(String name, int longest, Function<String, T> parser) {
        return text(name, longest).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException | DateTimeParseException e) {
                return wrong(name, String.valueOf(e.getMessage()));
            }
        });
    }

    <E extends Enum<E>> Optional<E> word(String name, List<E> allowed) {
        return parsed(
                name,
                50,
                text -> allowed.stream()
                        .filter(value -> value.name()
                                .equals(text.toUpperCase(Locale.ROOT).replace('-', '_')))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("'%s' is unknown; expected one of %s"
                                .formatted(
                                        text,
                                        allowed.stream()
                                                .map(value -> value.name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-'))
                                                .toList()))));
    }

    Optional<Instant> instant(String name) {
        return parsed(name, 50, text -> {
            try {
                return java.time.OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "'%s' is no instant; expected ISO 8601 with an offset, such as 2026-11-22T02:00:00Z"
                                .formatted(text),
                        e);
            }
        });
    }

    Optional<Integer> number(String name, int least, int most) {
        return value(name)
                .flatMap(value -> value instanceof Integer number && number >= least && number <= most
                        ? Optional.of(number)
                        : wrong(name, "expected a whole number from %d to %d".formatted(least, most)));
    }

    Map<String, String> texts(String name, int mostEntries, int longestKey, int longestValue) {
        Map<String, String> texts = new HashMap<>();
        value(name).ifPresent(value -> {
            if (!(value instanceof Map<?, ?> map) || map.size() > mostEntries) {
                wrong(name, "expected at most %d fields".formatted(mostEntries));
                return;
            }
            map.forEach((key, entry) -> {
                if (entry instanceof String text
                        && text.length() <= longestValue
                        && key.toString().length() <= longestKey) {
                    texts.put(key.toString(), text);
                } else {
                    wrong(
                            name + "." + key,
                            "expected text of at most %d characters under a key of at most %d"
                                    .formatted(longestValue, longestKey));
                }
            });
        });
        return texts;
    }

    <T> Optional<T> wrong(String field, String message) {
        errors.add(Map.of("field", field, "message", message));
        return Optional.empty();
    }

    /** Ends the reading. */
    void check() {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                wrong(
                        name,
                        "unknown field; expected one of "
                                + known.stream().sorted().toList());
            }
        }
        if (!errors.isEmpty()) {
            throw new InvalidRequestException(errors);
        }
    }

    private Optional<@Nullable Object> value(String name) {
        known.add(name);
        return Optional.ofNullable(fields.get(name));
    }
}
