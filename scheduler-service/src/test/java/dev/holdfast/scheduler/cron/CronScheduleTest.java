package dev.holdfast.scheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<Instant> fires(String expression, ZoneId zone, String from, String to) {
        CronSchedule schedule = CronSchedule.of(expression, zone);
        List<Instant> fires = new ArrayList<>();
        Optional<Instant> next = schedule.nextAfter(Instant.parse(from));
        while (next.isPresent() && !next.get().isAfter(Instant.parse(to))) {
            fires.add(next.get());
            next = schedule.nextAfter(next.get());
        }
        return fires;
    }

    @Test
    void aFixedTimeInTheSkippedHourFiresOnceAtTheFirstValidInstant() {
        assertThat(fires("30 2 * * *", BERLIN, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"))
                .containsExactly(Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Test
    void aSkippedTimeIsMadeUpForEvenIfTheMinuteBeforeTheMoveFiredToo() {
        assertThat(fires("59 1-2 * * *", BERLIN, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"))
                .containsExactly(Instant.parse("2026-03-29T00:59:00Z"), Instant.parse("2026-03-29T01:00:00Z"));
    }

    @Test
    void severalFixedTimesInTheSkippedHourFireTogetherOnce() {
        assertThat(fires("0,15,30 2,3 * * *", BERLIN, "2026-03-29T00:00:00Z", "2026-03-29T01:20:00Z"))
                .containsExactly(Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-29T01:15:00Z"));
    }

    @Test
    void aFixedTimeInTheRepeatedHourFiresAtItsFirstOccurrenceOnly() {
        assertThat(fires("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"));
    }

    @Test
    void aWildcardHourRunsInEveryRealHour() {
        assertThat(fires("15 * * * *", BERLIN, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"))
                .containsExactly(
                        Instant.parse("2026-10-24T23:15:00Z"),
                        Instant.parse("2026-10-25T00:15:00Z"),
                        Instant.parse("2026-10-25T01:15:00Z"),
                        Instant.parse("2026-10-25T02:15:00Z"));
    }

    @Test
    void aWildcardMinuteDoesNotRunInAnHourThatIsSkipped() {
        assertThat(fires("*/20 2 * * *", BERLIN, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
                .isEmpty();
    }

    @Test
    void aSkippedHalfHourCountsToo() {
        // Lord Howe moves by thirty minutes: 02:00 becomes 02:30 on 4 October 2026
        assertThat(fires(
                        "15 2 * * *", ZoneId.of("Australia/Lord_Howe"), "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z"))
                .containsExactly(Instant.parse("2026-10-03T15:30:00Z"));
    }

    /** Each line: a zone, an expression, a day there, and the instants of that day in UTC. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // skipped, repeated, and a wildcard hour on both days
                "America/New_York | 30 2 * * * | 2026-03-08 | 07:00",
                "America/New_York | 30 1 * * * | 2026-11-01 | 05:30",
                "America/New_York | 0 */6 * * * | 2026-03-08 | 05:00 10:00 16:00 22:00",
                "America/New_York | 0 */6 * * * | 2026-11-01 | 04:00 11:00 17:00 23:00",
                "Europe/Berlin | 0 3 * * * | 2026-03-29 | 01:00",
                "Europe/Berlin | 59 1 * * * | 2026-03-29 | 00:59",
                "Europe/Berlin | 0 2 * * * | 2026-10-25 | 00:00",
                // thirty minutes are repeated from 02:00 (UTC+11) to 01:30 (UTC+10:30)
                "Australia/Lord_Howe | 45 1 * * * | 2026-04-05 | 14:45",
                "Australia/Lord_Howe | 0 2 * * * | 2026-04-05 | 15:30",
                // midnight was skipped on the last change day; there is none since
                "America/Sao_Paulo | 30 0 * * * | 2018-11-04 | 03:00",
                "America/Sao_Paulo | 30 0 * * * | 2026-11-01 | 03:30",
                "Asia/Kolkata | 30 2 * * * | 2026-03-29 | 21:00",
                "UTC | 59 23 31 12 * | 2026-12-31 | 23:59",
                "UTC | 0 0 29 2 * | 2028-02-29 | 00:00",
            })
    void onADayOfAZoneItFiresAt(String zone, String expression, LocalDate day, String expected) {
        ZoneId there = ZoneId.of(zone);
        String from = day.atStartOfDay(there).toInstant().minusSeconds(1).toString();
        String to =
                day.plusDays(1).atStartOfDay(there).toInstant().minusSeconds(1).toString();

        assertThat(fires(expression, there, from, to))
                .extracting(instant -> instant.toString().substring(11, 16))
                .containsExactly(expected.split(" "));
    }

    @Test
    void aDayThatAZoneSkipsIsNotMadeUpFor() {
        // Apia had no 30 December 2011
        assertThat(fires("0 12 * * *", ZoneId.of("Pacific/Apia"), "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z"))
                .containsExactly(
                        Instant.parse("2011-12-29T22:00:00Z"),
                        Instant.parse("2011-12-30T22:00:00Z"),
                        Instant.parse("2011-12-31T22:00:00Z"));
    }

    @Test
    void theThirtyFirstComesOnlyInMonthsThatHaveIt() {
        assertThat(fires("0 0 31 * *", ZoneOffset.UTC, "2026-01-01T00:00:00Z", "2026-12-31T23:00:00Z"))
                .extracting(instant -> instant.toString().substring(5, 7))
                .containsExactly("01", "03", "05", "07", "08", "10", "12");
    }

    @Test
    void aLeapDayIsFoundEvenEightYearsAhead() {
        assertThat(CronSchedule.of("0 0 29 2 *", ZoneOffset.UTC).nextAfter(Instant.parse("2096-03-01T00:00:00Z")))
                .contains(Instant.parse("2104-02-29T00:00:00Z"));
    }

    @Test
    void twoRestrictedDayFieldsAreAlternatives() {
        assertThat(fires("0 0 13 * fri", ZoneOffset.UTC, "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z"))
                .containsExactly(
                        Instant.parse("2026-11-06T00:00:00Z"),
                        Instant.parse("2026-11-13T00:00:00Z"),
                        Instant.parse("2026-11-20T00:00:00Z"));
    }

    @Test
    void aDayFieldThatBeginsWithAStarNarrowsTheOther() {
        assertThat(fires("0 0 */2 * mon", ZoneOffset.UTC, "2026-11-01T00:00:00Z", "2026-11-30T23:00:00Z"))
                .containsExactly(Instant.parse("2026-11-09T00:00:00Z"), Instant.parse("2026-11-23T00:00:00Z"));
    }

    @Test
    void namesRangesStepsAndBothSundaysAreRead() {
        assertThat(fires("0 6-18/6 * jan-mar,DEC 7", ZoneOffset.UTC, "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"))
                .containsExactly(
                        Instant.parse("2026-12-06T06:00:00Z"),
                        Instant.parse("2026-12-06T12:00:00Z"),
                        Instant.parse("2026-12-06T18:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "60 * * * *|minute field '60': 60 is out of range; expected 0-59",
                "* 24 * * *|hour field '24': 24 is out of range; expected 0-23",
                "0 0 0 * *|day of month field '0': 0 is out of range; expected 1-31",
                "0 0 * foo *|month field 'foo': 'foo' is not a number or a name; expected 1-12",
                "0 0 * * 8|day of week field '8': 8 is out of range; expected 0-7",
                "5/10 * * * *|the step of '5/10' needs a range, such as 5-59/10",
                "*/0 * * * *|the step '0' is not a number above 0",
                "9-5 * * * *|the range '9-5' ends before it begins",
                "1,,2 * * * *|'' is not a number",
                "0 2 * *|'0 2 * *' has 4 fields; expected five",
                "0 2 * * * root|has 6 fields; expected five",
                "@daily|'@daily' is a nickname; write the five fields",
                "0 0 30 2 *|'0 0 30 2 *' never happens: no month has such a day",
            })
    void anInvalidExpressionSaysWhatIsWrongAndWhatIsAllowed(String expression, String message) {
        assertThatThrownBy(() -> CronSchedule.of(expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
