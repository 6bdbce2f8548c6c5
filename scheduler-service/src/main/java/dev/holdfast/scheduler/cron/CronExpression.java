package dev.holdfast.scheduler.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.Optional;

/**
 * Five cron fields as Debian's crontab(5) reads them, matched against local time.
 *
 * <p>A day matches if both day fields do; where neither of them begins with {@code *}, one of the two is enough.
 */
final class CronExpression {

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;
    private final boolean wildcard;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = CronField.MINUTE.parse(fields[0]);
        this.hours = CronField.HOUR.parse(fields[1]);
        this.days = CronField.DAY_OF_MONTH.parse(fields[2]);
        this.months = CronField.MONTH.parse(fields[3]);
        this.weekdays = CronField.DAY_OF_WEEK.parse(fields[4]);
        this.eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
        this.wildcard = fields[0].startsWith("*") || fields[1].startsWith("*");
    }

    /**
     * Parses five fields separated by blanks.
     *
     * @throws IllegalArgumentException saying which field is wrong and what is allowed there
     */
    static CronExpression parse(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("@")) {
            throw new IllegalArgumentException(
                    "'%s' is a nickname; write the five fields, such as 0 2 * * *".formatted(trimmed));
        }
        String[] fields = trimmed.isEmpty() ? new String[0] : trimmed.split("[ \t]+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "'%s' has %d fields; expected five: minute, hour, day of month, month, day of week"
                            .formatted(trimmed, fields.length));
        }
        return new CronExpression(String.join(" ", fields), fields);
    }

    /** True if minute or hour begins with {@code *}: such a schedule follows real time, not the wall's. */
    boolean isWildcard() {
        return wildcard;
    }

    /**
     * The first matching minute.
     *
     * @param from whole minute, inclusive
     * @param end exclusive
     */
    Optional<LocalDateTime> firstMatch(LocalDateTime from, LocalDateTime end) {
        LocalDate date = from.toLocalDate();
        LocalTime start = from.toLocalTime();
        while (date.atTime(start).isBefore(end)) {
            if (!months.get(date.getMonthValue())) {
                date = date.withDayOfMonth(1).plusMonths(1);
            } else {
                Optional<LocalTime> time = matchesDay(date) ? firstTime(start) : Optional.empty();
                if (time.isPresent()) {
                    return time.map(date::atTime).filter(match -> match.isBefore(end));
                }
                date = date.plusDays(1);
            }
            start = LocalTime.MIDNIGHT;
        }
        return Optional.empty();
    }

    private boolean matchesDay(LocalDate date) {
        boolean day = days.get(date.getDayOfMonth());
        boolean weekday = weekdays.get(date.getDayOfWeek().getValue() % 7);
        return eitherDay ? day || weekday : day && weekday;
    }

    private Optional<LocalTime> firstTime(LocalTime from) {
        int hour = hours.nextSetBit(from.getHour());
        int minute = hour == from.getHour() ? minutes.nextSetBit(from.getMinute()) : minutes.nextSetBit(0);
        if (minute < 0) {
            hour = hours.nextSetBit(hour + 1);
            minute = minutes.nextSetBit(0);
        }
        return hour < 0 ? Optional.empty() : Optional.of(LocalTime.of(hour, minute));
    }

    @Override
    public String toString() {
        return text;
    }
}
