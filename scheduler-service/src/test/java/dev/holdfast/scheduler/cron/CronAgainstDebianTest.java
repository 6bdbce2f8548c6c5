package dev.holdfast.scheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The calendar against {@link DebianCron}, around the days on which clocks are moved. */
class CronAgainstDebianTest {

    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "America/Sao_Paulo",
            "Pacific/Apia",
            "Africa/Casablanca",
            "Europe/London",
            "UTC");

    @Property(tries = 150)
    void theCalendarAgreesWithDebianCronOnEveryKindOfDay(
            @ForAll("expressions") String expression, @ForAll("zones") ZoneId zone, @ForAll("days") Instant day) {
        Instant from = nearAMove(zone, day);
        Instant to = from.plus(Duration.ofDays(3));

        assertThat(fires(CronSchedule.of(expression, zone), from, to))
                .as("%s in %s from %s", expression, zone, from)
                .isEqualTo(new DebianCron(expression, zone).runs(from, to));
    }

    @Property(tries = 10_000)
    void whatIsNoExpressionIsRefusedWithAMessage(@ForAll("nonsense") String expression) {
        assertThatThrownBy(() -> CronSchedule.of(expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Provide
    Arbitrary<String> nonsense() {
        return Arbitraries.strings()
                .withChars("0123456789*/,- abx@?")
                .ofMaxLength(20)
                .map(text -> "x" + text);
    }

    private static List<Instant> fires(CronSchedule schedule, Instant from, Instant to) {
        List<Instant> fires = new ArrayList<>();
        Optional<Instant> next = schedule.nextAfter(from);
        while (next.isPresent() && !next.get().isAfter(to)) {
            fires.add(next.get());
            next = schedule.nextAfter(next.get());
        }
        return fires;
    }

    /** A day before the next move of the clock, if there is one; three days around it hold all that is special. */
    private static Instant nearAMove(ZoneId zone, Instant day) {
        ZoneOffsetTransition move = zone.getRules().nextTransition(day);
        return move == null ? day : move.getInstant().minus(Duration.ofHours(30));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZONES).map(ZoneId::of);
    }

    @Provide
    Arbitrary<Instant> days() {
        long from = Instant.parse("2008-01-01T00:00:00Z").getEpochSecond() / 60;
        long to = Instant.parse("2035-01-01T00:00:00Z").getEpochSecond() / 60;
        return Arbitraries.longs().between(from, to).map(minute -> Instant.ofEpochSecond(minute * 60));
    }

    @Provide
    Arbitrary<String> expressions() {
        return Combinators.combine(
                        field(0, 59),
                        field(0, 4),
                        Arbitraries.of("*", "*", "*", "1", "1-28/3", "*/2"),
                        Arbitraries.of("*", "*", "1-12", "*/1"),
                        Arbitraries.of("*", "*", "0", "1-5", "7", "*/3"))
                .as((minute, hour, day, month, weekday) -> String.join(" ", minute, hour, day, month, weekday));
    }

    private static Arbitrary<String> field(int min, int max) {
        Arbitrary<Integer> value = Arbitraries.integers().between(min, max);
        return Arbitraries.oneOf(
                Arbitraries.of("*", "*/2", "*/15"),
                value.map(String::valueOf),
                Combinators.combine(value, value).as((one, other) -> one + "," + other),
                Combinators.combine(value, value)
                        .as((one, other) -> Math.min(one, other) + "-" + Math.max(one, other)));
    }
}
