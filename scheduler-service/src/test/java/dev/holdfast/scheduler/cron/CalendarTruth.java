package dev.holdfast.scheduler.cron;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * The figure R7 of {@code bench/run}: every fire of every zone against Debian cron's rule. {@link CronAgainstDebianTest} looks
 * at samples of the same in every build.
 *
 * <p>Around each move of a clock, {@link DebianCron} is walked in that zone. On all other days nothing but the offset
 * differs between zones, so one walk in UTC tells the local minutes of all of them.
 *
 * <p>Arguments: the first year and how many. Prints {@code name=value} pairs; ends with 1 if there is a difference.
 */
public final class CalendarTruth {

    /** What operators write, the limits of each field, and the hours in which clocks are moved. */
    private static final List<String> EXPRESSIONS = List.of(
            "0 2 * * *",
            "30 2 * * *",
            "15 1 * * *",
            "0 0 * * *",
            "59 23 * * *",
            "30 0,1,2,3 * * *",
            "5 1-3 * * 0",
            "0 3 * * 1-5",
            "0 2 1 * *",
            "0 0 31 * *",
            "30 2 29 2 *",
            "0 2 * * sun",
            "0 1 1-7 * 1",
            "0 2 */2 * *",
            "45 1 15 mar,oct *",
            "0 4 1 1,4,7,10 *",
            "17 * * * *",
            "0 */6 * * *",
            "*/30 1-3 * * *",
            "*/20 * * * 6");

    /** Farther than this from a move of the clock, every day is like every other. */
    private static final Duration AROUND = Duration.ofDays(2);

    private static final PrintStream OUT = System.out;

    private final Instant from;
    private final Instant to;
    private final LongAdder fires = new LongAdder();
    private final LongAdder differences = new LongAdder();

    private CalendarTruth(Instant from, Instant to) {
        this.from = from;
        this.to = to;
    }

    private record Stretch(Instant from, Instant to) {}

    /** Compares everything. */
    public static void main(String[] args) {
        int first = Integer.parseInt(args[0]);
        int years = Integer.parseInt(args[1]);
        new CalendarTruth(newYear(first), newYear(first + years)).compareAll(years);
    }

    private static Instant newYear(int year) {
        return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private void compareAll(int years) {
        List<ZoneId> zones =
                ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();
        for (String expression : EXPRESSIONS) {
            long[] local = localMinutes(expression);
            zones.parallelStream().forEach(zone -> compare(expression, zone, local));
        }
        OUT.printf(
                "zones=%d expressions=%d years=%d fires=%d differences=%d%n",
                zones.size(), EXPRESSIONS.size(), years, fires.sum(), differences.sum());
        if (differences.sum() > 0) {
            System.exit(1);
        }
    }

    /** The local minutes of ordinary days, a bit more than the whole of the years. */
    private long[] localMinutes(String expression) {
        return new DebianCron(numbered(expression), ZoneOffset.UTC)
                .runs(from.minus(Duration.ofDays(3)), to.plus(Duration.ofDays(3))).stream()
                        .mapToLong(run -> run.getEpochSecond() / 60)
                        .toArray();
    }

    /** The walk reads numbers only. */
    private static String numbered(String expression) {
        return expression.replace("sun", "0").replace("mar", "3").replace("oct", "10");
    }

    private void compare(String expression, ZoneId zone, long[] local) {
        List<Instant> expected = expected(expression, zone, local);
        List<Instant> found = found(CronSchedule.of(expression, zone));
        fires.add(expected.size());
        if (!expected.equals(found)) {
            List<Instant> missing = new ArrayList<>(expected);
            missing.removeAll(found);
            List<Instant> superfluous = new ArrayList<>(found);
            superfluous.removeAll(expected);
            differences.add(Math.max(1, missing.size() + superfluous.size()));
            OUT.printf("%s in %s: missing %s, superfluous %s%n", expression, zone, missing, superfluous);
        }
    }

    private List<Instant> found(CronSchedule schedule) {
        List<Instant> found = new ArrayList<>();
        Optional<Instant> next = schedule.nextAfter(from);
        while (next.isPresent() && !next.get().isAfter(to)) {
            found.add(next.get());
            next = schedule.nextAfter(next.get());
        }
        return found;
    }

    private List<Instant> expected(String expression, ZoneId zone, long[] local) {
        List<Instant> expected = new ArrayList<>();
        Instant reached = from;
        for (Stretch around : aroundMoves(zone)) {
            addOrdinary(expected, new Stretch(reached, around.from()), zone, local);
            expected.addAll(new DebianCron(numbered(expression), zone).runs(around.from(), around.to()));
            reached = around.to();
        }
        addOrdinary(expected, new Stretch(reached, to), zone, local);
        return expected;
    }

    /** From exclusive, to inclusive, as {@link DebianCron#runs} has it. */
    private static void addOrdinary(List<Instant> expected, Stretch stretch, ZoneId zone, long[] local) {
        long offset = zone.getRules().getOffset(stretch.from()).getTotalSeconds();
        LongStream.of(local)
                .mapToObj(minute -> Instant.ofEpochSecond(minute * 60 - offset))
                .filter(fire -> fire.isAfter(stretch.from()) && !fire.isAfter(stretch.to()))
                .forEach(expected::add);
    }

    /** The days around each move, merged where they meet. */
    private List<Stretch> aroundMoves(ZoneId zone) {
        List<Stretch> stretches = new ArrayList<>();
        ZoneOffsetTransition move = zone.getRules().nextTransition(from.minus(AROUND));
        while (move != null && move.getInstant().isBefore(to.plus(AROUND))) {
            Stretch around = new Stretch(
                    later(from, move.getInstant().minus(AROUND)),
                    earlier(to, move.getInstant().plus(AROUND)));
            Stretch last = stretches.isEmpty() ? null : stretches.getLast();
            if (last != null && !around.from().isAfter(last.to())) {
                stretches.set(stretches.size() - 1, new Stretch(last.from(), around.to()));
            } else {
                stretches.add(around);
            }
            move = zone.getRules().nextTransition(move.getInstant());
        }
        return stretches;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
