package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.SlotDay;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A month of slots: for each day what came of them, the worst first.
 *
 * @param month the month, UTC
 * @param weeks from Monday to Sunday; days of other months are empty
 * @param stanzas each stanza's days of the month in one row, those with trouble first
 */
record SlotCalendar(YearMonth month, List<List<Day>> weeks, List<Row> stanzas) {

    /** How slots end, as far as a calendar is concerned; the worst first. */
    enum Ending {
        /** Something was due and did not happen, or did not work. */
        BAD("bad", "✗", "failed or missed"),
        /** It goes on, or nobody has said yet. */
        OPEN("busy", "…", "not ended yet"),
        /** It was left out as planned. */
        SKIPPED("plain", "–", "left out as planned"),
        /** It was done. */
        DONE("good", "✓", "done");

        private final String tone;
        private final String sign;
        private final String words;

        Ending(String tone, String sign, String words) {
            this.tone = tone;
            this.sign = sign;
            this.words = words;
        }

        /** A class of the style sheet. */
        public String tone() {
            return tone;
        }

        /** For those who see it. */
        public String sign() {
            return sign;
        }

        /** For people. */
        public String words() {
            return words;
        }

        static Ending of(SlotDay slots) {
            return switch (slots.outcome()) {
                case "MISSED" -> BAD;
                case "SKIPPED_OVERLAP", "SKIPPED_BLACKOUT", "SKIPPED_PAUSED", "SUPERSEDED" -> SKIPPED;
                default -> ofRequest(slots.requestState() == null ? "REQUESTED" : slots.requestState());
            };
        }

        private static Ending ofRequest(String state) {
            return switch (state) {
                case "COMPLETED", "PROVEN", "INCONCLUSIVE" -> DONE;
                case "REQUESTED", "RUNNING" -> OPEN;
                case "CANCELLED" -> SKIPPED;
                default -> BAD;
            };
        }
    }

    /**
     * How many ended so.
     *
     * @param ending how
     * @param slots how many
     */
    record Count(Ending ending, int slots) {}

    /**
     * One day.
     *
     * @param date the day, UTC
     * @param isOfTheMonth false for days that only fill a week
     * @param counts the worst first; empty if nothing was due
     */
    record Day(LocalDate date, boolean isOfTheMonth, List<Count> counts) {

        /** In words, for those who hear it. */
        public String words() {
            return counts.isEmpty()
                    ? "nothing was due"
                    : counts.stream()
                            .map(count -> count.slots() + " " + count.ending().words())
                            .collect(Collectors.joining(", "));
        }
    }

    /**
     * One stanza's month.
     *
     * @param stanza the stanza
     * @param days from the first to the last
     */
    record Row(String stanza, List<Day> days) {

        private Ending worst() {
            return days.stream()
                    .flatMap(day -> day.counts().stream())
                    .map(Count::ending)
                    .min(Comparator.naturalOrder())
                    .orElse(Ending.DONE);
        }
    }

    static SlotCalendar of(YearMonth month, List<SlotDay> slots) {
        Map<String, List<SlotDay>> byStanza =
                slots.stream().collect(Collectors.groupingBy(SlotDay::stanza, TreeMap::new, Collectors.toList()));
        List<Row> rows = byStanza.entrySet().stream()
                .map(entry -> new Row(entry.getKey(), days(month, entry.getValue())))
                .sorted(Comparator.comparing(Row::worst))
                .toList();
        return new SlotCalendar(month, weeks(month, slots), rows);
    }

    private static List<Day> days(YearMonth month, List<SlotDay> slots) {
        return IntStream.rangeClosed(1, month.lengthOfMonth())
                .mapToObj(day -> day(month, month.atDay(day), slots))
                .toList();
    }

    private static List<List<Day>> weeks(YearMonth month, List<SlotDay> slots) {
        List<List<Day>> weeks = new ArrayList<>();
        LocalDate monday = month.atDay(1).with(DayOfWeek.MONDAY);
        while (!monday.isAfter(month.atEndOfMonth())) {
            LocalDate first = monday;
            weeks.add(IntStream.range(0, 7)
                    .mapToObj(offset -> day(month, first.plusDays(offset), slots))
                    .toList());
            monday = monday.plusWeeks(1);
        }
        return weeks;
    }

    private static Day day(YearMonth month, LocalDate date, List<SlotDay> slots) {
        Map<Ending, Integer> counts = new TreeMap<>();
        slots.stream()
                .filter(slot -> slot.day().equals(date))
                .forEach(slot -> counts.merge(Ending.of(slot), slot.slots(), Integer::sum));
        return new Day(
                date,
                YearMonth.from(date).equals(month),
                counts.entrySet().stream()
                        .map(entry -> new Count(entry.getKey(), entry.getValue()))
                        .toList());
    }
}
