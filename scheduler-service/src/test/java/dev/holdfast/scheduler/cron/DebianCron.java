package dev.holdfast.scheduler.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The main loop of Debian's cron (cron.c, find_jobs and the switch over wakeupKind), walked minute by minute: slow, and
 * with its own reading of fields, so that it shares nothing with what it judges.
 */
public final class DebianCron {

    private static final long THREE_HOURS = 180;

    private final Set<Integer> minutes;
    private final Set<Integer> hours;
    private final Set<Integer> days;
    private final Set<Integer> months;
    private final Set<Integer> weekdays;
    private final boolean star;
    private final boolean wild;
    private final ZoneId zone;

    /** A crontab with one line. */
    public DebianCron(String expression, ZoneId zone) {
        String[] fields = expression.split(" ", -1);
        this.minutes = values(fields[0], 0, 59);
        this.hours = values(fields[1], 0, 23);
        this.days = values(fields[2], 1, 31);
        this.months = values(fields[3], 1, 12);
        this.weekdays = values(fields[4], 0, 7);
        this.star = fields[2].charAt(0) == '*' || fields[4].charAt(0) == '*';
        this.wild = fields[0].charAt(0) == '*' || fields[1].charAt(0) == '*';
        this.zone = zone;
    }

    /** Every minute in which the job runs, from {@code from} (exclusive) to {@code to} (inclusive). */
    public List<Instant> runs(Instant from, Instant to) {
        List<Instant> runs = new ArrayList<>();
        // as if cron had been running for a day already
        Instant start = from.truncatedTo(ChronoUnit.MINUTES).minus(2, ChronoUnit.DAYS);
        long virtual = localMinute(start);
        for (Instant real = start.plusSeconds(60); !real.isAfter(to); real = real.plusSeconds(60)) {
            long running = localMinute(real);
            long difference = running - virtual;
            boolean due;
            if (difference > 0 && difference <= 5) {
                due = false;
                while (virtual < running) {
                    virtual++;
                    due |= matches(virtual);
                }
            } else if (difference > 5 && difference <= THREE_HOURS) {
                due = wild && matches(running);
                while (virtual < running) {
                    virtual++;
                    due |= !wild && matches(virtual);
                }
            } else if (difference <= 0 && difference > -THREE_HOURS) {
                due = wild && matches(running);
            } else {
                virtual = running;
                due = matches(running);
            }
            if (due && real.isAfter(from)) {
                runs.add(real);
            }
        }
        return runs;
    }

    private long localMinute(Instant instant) {
        ZoneOffset offset = zone.getRules().getOffset(instant);
        return Math.floorDiv(instant.getEpochSecond() + offset.getTotalSeconds(), 60);
    }

    private boolean matches(long localMinute) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(localMinute * 60, 0, ZoneOffset.UTC);
        boolean day = days.contains(time.getDayOfMonth());
        int weekday = time.getDayOfWeek().getValue() % 7;
        boolean week = weekdays.contains(weekday) || (weekday == 0 && weekdays.contains(7));
        return minutes.contains(time.getMinute())
                && hours.contains(time.getHour())
                && months.contains(time.getMonthValue())
                && (star ? day && week : day || week);
    }

    private static Set<Integer> values(String field, int min, int max) {
        Set<Integer> values = new HashSet<>();
        for (String part : field.split(",", -1)) {
            int slash = part.indexOf('/');
            int step = slash < 0 ? 1 : Integer.parseInt(part.substring(slash + 1));
            String range = slash < 0 ? part : part.substring(0, slash);
            int dash = range.indexOf('-');
            int low = range.equals("*") ? min : Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int high = range.equals("*") ? max : Integer.parseInt(dash < 0 ? range : range.substring(dash + 1));
            for (int value = low; value <= high; value += step) {
                values.add(value);
            }
        }
        return values;
    }
}
