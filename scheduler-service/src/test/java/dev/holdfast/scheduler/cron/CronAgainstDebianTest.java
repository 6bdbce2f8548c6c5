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
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calendar against {@link DebianCron}, with random expressions around the days on which clocks are moved. */
class CronAgainstDebianTest {

    private static final long FROM = Instant.parse("2008-01-01T00:00:00Z").getEpochSecond() / 60;
    private static final long TO = Instant.parse("2035-01-01T00:00:00Z").getEpochSecond() / 60;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Asia/Kolkata",
                "America/Sao_Paulo",
                "Pacific/Apia",
                "Africa/Casablanca",
                "Europe/London",
                "UTC"
            })
    void theCalendarAgreesWithDebianCronOnEveryKindOfDay(ZoneId zone) {
        for (int seed = 0; seed < 60; seed++) {
            agrees(zone, RandomExpression.of(seed), seed);
        }
    }

    @Test
    void theCalendarAgreesWithDebianCronInEveryZoneThereIs() {
        int seed = 0;
        for (String zone : ZoneId.getAvailableZoneIds()) {
            agrees(ZoneId.of(zone), RandomExpression.of(seed), seed);
            seed++;
        }
        assertThat(seed).isGreaterThan(500);
    }

    /** Each is a valid expression with one thing made wrong, in one of ten ways. */
    @Test
    void tenThousandInvalidExpressionsAreRefusedEachWithWhatIsWrong() {
        for (int seed = 0; seed < 10_000; seed++) {
            String invalid = spoilt(RandomExpression.of(seed), RandomExpression.random(~seed), seed % 10);
            assertThatThrownBy(() -> CronSchedule.of(invalid, ZoneOffset.UTC))
                    .as("seed %d: %s", seed, invalid)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }

    private static String spoilt(String expression, RandomGenerator random, int way) {
        List<String> fields = new ArrayList<>(List.of(expression.split(" ")));
        int field = random.nextInt(5);
        switch (way) {
            case 0 -> fields.remove(field);
            case 1 -> fields.add(field, "*");
            case 2 -> fields.set(field, String.valueOf(60 + random.nextInt(9_000)));
            case 3 -> fields.set(field, "6-%d".formatted(1 + random.nextInt(5)));
            case 4 -> fields.set(field, "*/0");
            case 5 -> fields.set(field, fields.get(field) + ",");
            case 6 -> fields.set(field, "-" + (1 + random.nextInt(5)));
            case 7 -> fields.set(field, "1/2/" + (1 + random.nextInt(5)));
            case 8 ->
                fields.set(
                        field,
                        List.of("?", "L", "15W", "1#2", "H", "*1", "1.5", "x", "٣")
                                .get(random.nextInt(9)));
            default -> fields.set(field, "9".repeat(5 + random.nextInt(30)));
        }
        return String.join(" ", fields);
    }

    /** Whatever it is, it is read or refused, and nothing else. */
    @Test
    void noTextDoesMoreThanBeReadOrRefused() {
        for (int seed = 0; seed < 10_000; seed++) {
            String text = characters(RandomExpression.random(seed));
            try {
                CronSchedule.of(text, ZoneOffset.UTC).nextAfter(Instant.EPOCH);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed %d: %s", seed, text).message().isNotBlank();
            }
        }
    }

    private static void agrees(ZoneId zone, String expression, int seed) {
        RandomGenerator random = RandomExpression.random(~seed);
        Instant from = nearAMove(zone, Instant.ofEpochSecond(random.nextLong(FROM, TO) * 60));
        Instant to = from.plus(Duration.ofDays(3));

        assertThat(fires(CronSchedule.of(expression, zone), from, to))
                .as("seed %d: %s in %s from %s", seed, expression, zone, from)
                .isEqualTo(new DebianCron(expression, zone).runs(from, to));
    }

    private static String characters(RandomGenerator random) {
        String all = "0123456789*/,- abx@?";
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(21); left > 0; left--) {
            text.append(all.charAt(random.nextInt(all.length())));
        }
        return text.toString();
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
}
