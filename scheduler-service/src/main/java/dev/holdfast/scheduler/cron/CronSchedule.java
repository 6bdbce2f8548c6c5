package dev.holdfast.scheduler.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants of a cron expression in a time zone.
 *
 * <p>Where the clock is moved, Debian cron's rule holds (cron(8) and the main loop of its cron.c). A schedule with a fixed
 * minute and hour fires once at the first valid instant when its time is skipped, and only at the first occurrence when
 * its time is repeated. A schedule whose minute or hour begins with {@code *} follows real time: it runs in every hour
 * that there is, and not in one that there isn't. Moves of more than three hours count as a new clock: nothing skipped
 * is made up for, nothing repeated is held back.
 */
public final class CronSchedule {

    /** Leap days can be eight years apart (2096 and 2104); whatever does not match in this time never does. */
    private static final Period HORIZON = Period.ofYears(9);

    private static final Duration NEW_CLOCK = Duration.ofHours(3);

    private final CronExpression expression;
    private final ZoneRules rules;

    private CronSchedule(CronExpression expression, ZoneId zone) {
        this.expression = expression;
        this.rules = zone.getRules();
    }

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException if it is not five valid fields, or matches no day of any year
     */
    public static CronSchedule of(String expression, ZoneId zone) {
        CronExpression parsed = CronExpression.parse(expression);
        LocalDateTime start = LocalDateTime.of(2096, 1, 1, 0, 0);
        if (parsed.firstMatch(start, start.plus(HORIZON)).isEmpty()) {
            throw new IllegalArgumentException("'%s' never happens: no month has such a day".formatted(parsed));
        }
        return new CronSchedule(parsed, zone);
    }

    /**
     * The next instant.
     *
     * @param instant exclusive
     * @return a whole minute after it; empty only where the zone skips every match of the next nine years
     */
    public Optional<Instant> nextAfter(Instant instant) {
        Instant from = instant.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Instant horizon =
                LocalDateTime.ofInstant(from, ZoneOffset.UTC).plus(HORIZON).toInstant(ZoneOffset.UTC);
        while (from.isBefore(horizon)) {
            if (madeUpAt(from)) {
                return Optional.of(from);
            }
            ZoneOffsetTransition end = rules.nextTransition(from);
            Optional<Instant> match = firstInStretch(from, end, horizon);
            if (match.isPresent() || end == null) {
                return match;
            }
            from = end.getInstant();
        }
        return Optional.empty();
    }

    /** Searches from an instant to the next move of the clock. */
    private Optional<Instant> firstInStretch(Instant from, @Nullable ZoneOffsetTransition end, Instant horizon) {
        ZoneOffset offset = rules.getOffset(from);
        LocalDateTime first = afterRepeatedTime(from, LocalDateTime.ofInstant(from, offset));
        LocalDateTime last = end == null ? LocalDateTime.ofInstant(horizon, offset) : end.getDateTimeBefore();
        return expression.firstMatch(first, last).map(local -> local.toInstant(offset));
    }

    private LocalDateTime afterRepeatedTime(Instant from, LocalDateTime local) {
        ZoneOffsetTransition begin = rules.previousTransition(from.plusNanos(1));
        boolean repeats = begin != null && begin.isOverlap() && isSmall(begin) && !expression.isWildcard();
        return repeats && local.isBefore(begin.getDateTimeBefore()) ? begin.getDateTimeBefore() : local;
    }

    /** True if the clock skips a match just now. */
    private boolean madeUpAt(Instant instant) {
        ZoneOffsetTransition move = rules.previousTransition(instant.plusNanos(1));
        return move != null
                && move.getInstant().equals(instant)
                && move.isGap()
                && isSmall(move)
                && !expression.isWildcard()
                && expression
                        .firstMatch(move.getDateTimeBefore(), move.getDateTimeAfter())
                        .isPresent();
    }

    /** As in cron.c: the minute before and the minute after the move are at most, or less than, three hours apart. */
    private static boolean isSmall(ZoneOffsetTransition move) {
        Duration moved = move.getDuration();
        return move.isGap() ? moved.compareTo(NEW_CLOCK) < 0 : moved.negated().compareTo(NEW_CLOCK) <= 0;
    }

    @Override
    public String toString() {
        return expression.toString();
    }
}
