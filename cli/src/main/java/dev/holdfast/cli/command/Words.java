package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.schemas.StanzaName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the words of a command line; what can't be meant ends the command with the rule. */
final class Words {

    /** pgBackRest's names of backup sets: a full, and a diff or incr that builds on it. */
    private static final Pattern LABEL = Pattern.compile("[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?");

    private static final Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    private static final Pattern SHORT_DURATION =
            Pattern.compile("(?:([0-9]{1,6})d)?(?:([0-9]{1,8})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?");
    private static final Pattern ZONED = Pattern.compile(".*(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)");
    private static final int MOST_LABELS = 32;
    private static final int LONGEST_KEY = 63;
    private static final int LONGEST_VALUE = 256;

    private Words() {}

    static String stanza(String text) {
        if (!StanzaName.isValid(text)) {
            throw CommandFailure.usage("'%s' is not a stanza's name: %s".formatted(text, StanzaName.rule()));
        }
        return text;
    }

    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    static String label(String text) {
        if (!isLabel(text)) {
            throw CommandFailure.usage(
                    "'%s' is not a backup's label: expected one such as 20261122-020003F or 20261122-020003F_20261123-020002D; holdfast list shows them"
                            .formatted(text));
        }
        return text;
    }

    static String lsn(String text) {
        if (!LSN.matcher(text).matches()) {
            throw CommandFailure.usage("'%s' is not an LSN: expected one such as 0/3000028".formatted(text));
        }
        return text;
    }

    /** An instant with its zone: without one it would mean something else on another host. */
    static Instant instant(String text) {
        String iso = text.strip().replaceFirst(" ", "T");
        if (!iso.matches("[0-9]{4}-[0-9].*")) {
            throw CommandFailure.usage("'%s' is not a time: expected one such as 2026-11-22T02:00:00Z".formatted(text));
        }
        if (!iso.contains("T")
                || !ZONED.matcher(iso.substring(iso.indexOf('T'))).matches()) {
            throw CommandFailure.usage(
                    "'%s' does not say in which time zone: add Z for UTC or an offset, such as 2026-11-22T02:00:00Z or 2026-11-22T04:00:00+02:00"
                            .formatted(text));
        }
        try {
            return OffsetDateTime.parse(iso.replaceFirst("([+-][0-9]{2})$", "$1:00"))
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw CommandFailure.usage("'%s' is not a time: expected one such as 2026-11-22T02:00:00Z".formatted(text));
        }
    }

    /** An instant, a day (from its start, UTC), or how long ago, such as {@code 7d}. */
    static Instant since(String text, Instant now) {
        if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            try {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw CommandFailure.usage("'%s' is not a day".formatted(text));
            }
        }
        return text.matches("P.*|([0-9]+[dhms])+") ? now.minus(duration(text)) : instant(text);
    }

    /** A length of time such as {@code 2h}, {@code 1h30m} or {@code PT2H}. */
    static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        try {
            Duration duration = matcher.matches() && !text.isEmpty()
                    ? Duration.ofDays(number(matcher.group(1)))
                            .plusHours(number(matcher.group(2)))
                            .plusMinutes(number(matcher.group(3)))
                            .plusSeconds(number(matcher.group(4)))
                    : Duration.parse(text);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw CommandFailure.usage(
                    "'%s' is not a length of time: expected one such as 90s, 2h, 1h30m or 7d".formatted(text));
        }
        throw CommandFailure.usage("'%s' is not a length of time above zero".formatted(text));
    }

    /** The requester's labels, within the contract's limits. */
    static Map<String, String> labels(Map<String, String> labels) {
        if (labels.size() > MOST_LABELS) {
            throw CommandFailure.usage("%d labels given; at most %d are allowed".formatted(labels.size(), MOST_LABELS));
        }
        labels.forEach((key, value) -> {
            if (key.isBlank() || key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw CommandFailure.usage("label '%s': a key has 1 to %d characters, a value at most %d"
                        .formatted(key, LONGEST_KEY, LONGEST_VALUE));
            }
        });
        return Map.copyOf(labels);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
