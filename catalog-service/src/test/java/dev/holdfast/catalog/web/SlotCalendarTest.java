package dev.holdfast.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.answers.SlotDay;
import dev.holdfast.catalog.web.SlotCalendar.Ending;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotCalendarTest {

    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    @Test
    void aMonthIsWholeWeeksFromMondayToSunday() {
        SlotCalendar calendar = SlotCalendar.of(NOVEMBER, List.of());

        assertThat(calendar.weeks()).hasSize(6).allMatch(week -> week.size() == 7);
        assertThat(calendar.weeks().getFirst().getFirst().date()).isEqualTo(LocalDate.of(2026, 10, 26));
        assertThat(calendar.weeks().stream().flatMap(List::stream).filter(SlotCalendar.Day::isOfTheMonth))
                .hasSize(30);
    }

    @Test
    void aDayTellsTheWorstFirstAndInWords() {
        SlotCalendar calendar = SlotCalendar.of(
                NOVEMBER,
                List.of(
                        slots("orders", 3, "REQUESTED", "PROVEN", 2),
                        slots("orders", 3, "REQUESTED", "FAILED", 1),
                        slots("orders", 3, "SKIPPED_BLACKOUT", null, 4)));

        SlotCalendar.Day third = calendar.stanzas().getFirst().days().get(2);

        assertThat(third.counts())
                .extracting(SlotCalendar.Count::ending)
                .containsExactly(Ending.BAD, Ending.SKIPPED, Ending.DONE);
        assertThat(third.words()).isEqualTo("1 failed or missed, 4 left out as planned, 2 done");
        assertThat(calendar.stanzas().getFirst().days().getFirst().words()).isEqualTo("nothing was due");
    }

    @Test
    void theStanzaInTroubleComesFirst() {
        SlotCalendar calendar = SlotCalendar.of(
                NOVEMBER,
                List.of(slots("a-good-one", 3, "CAUGHT_UP", "COMPLETED", 1), slots("broken", 4, "MISSED", null, 1)));

        assertThat(calendar.stanzas()).extracting(SlotCalendar.Row::stanza).containsExactly("broken", "a-good-one");
    }

    @Test
    void aRequestOfWhichNothingIsKnownYetIsNotTakenForDone() {
        assertThat(Ending.of(slots("orders", 3, "REQUESTED", null, 1))).isEqualTo(Ending.OPEN);
        assertThat(Ending.of(slots("orders", 3, "REQUESTED", "UNSERVED", 1))).isEqualTo(Ending.BAD);
        assertThat(Ending.of(slots("orders", 3, "REQUESTED", "DISPROVEN", 1))).isEqualTo(Ending.BAD);
    }

    private static SlotDay slots(
            String stanza, int day, String outcome, @org.jspecify.annotations.Nullable String state, int count) {
        return new SlotDay(stanza, NOVEMBER.atDay(day), outcome, state, count);
    }
}
