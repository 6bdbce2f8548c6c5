package dev.holdfast.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Words WORDS = new Words(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void nothingKnownIsNothingDrawn() {
        assertThat(drawn()).isEmpty();
    }

    @Test
    void aGapBetweenTwoWindowsIsDrawnWhereItLies() {
        Timeline line = drawn(span(10, 6), span(5, 0)).orElseThrow();

        assertThat(line.windows()).hasSize(2);
        assertThat(line.holes()).hasSize(1);
        assertThat(line.holes().getFirst().x()).isCloseTo(40, within(0.1));
        assertThat(line.holes().getFirst().width()).isCloseTo(10, within(0.1));
    }

    @Test
    void theTicksAreRoundInstantsThatCanBeToldApart() {
        assertThat(texts(drawn(span(NOW.minusSeconds(40), NOW))))
                .containsExactly("11:59:20", "11:59:30", "11:59:40", "11:59:50", "12:00:00");
        assertThat(texts(drawn(span(NOW.minusSeconds(20 * 3_600), NOW))))
                .containsExactly("18:00", "21:00", "22 Nov", "03:00", "06:00", "09:00", "12:00");
        assertThat(texts(drawn(span(4, 0)))).containsExactly("19 Nov", "20 Nov", "21 Nov", "22 Nov");
    }

    private static List<String> texts(Optional<Timeline> line) {
        return line.orElseThrow().ticks().stream().map(Axis.Tick::text).toList();
    }

    @Test
    void whatLiesBeforeTheDaysAskedForIsNotDrawn() {
        Timeline line = Timeline.of(subject(span(10, 6), span(5, 0)), 1, NOW.minusSeconds(43_200), NOW, WORDS)
                .orElseThrow();

        assertThat(line.windows()).hasSize(1);
        assertThat(line.windows().getFirst().width()).isCloseTo(100, within(0.1));
        assertThat(line.asked()).isCloseTo(50, within(0.1));
    }

    @Test
    void theStepsCoverTheAxisAndLieInThePast() {
        Timeline line = drawn(span(10, 0)).orElseThrow();

        assertThat(line.steps().stream().mapToDouble(Timeline.Step::width).sum())
                .isCloseTo(100, within(0.1));
        assertThat(line.steps()).allMatch(step -> step.at().isBefore(NOW));
    }

    private static Optional<Timeline> drawn(Stanza.Span... window) {
        return Timeline.of(subject(window), 35, null, NOW, WORDS);
    }

    private static Timeline.Subject subject(Stanza.Span... window) {
        return new Timeline.Subject(stanza(window), List.of(), List.of(), List.of());
    }

    private static Stanza.Span span(int fromDaysAgo, int toDaysAgo) {
        return span(NOW.minus(Duration.ofDays(fromDaysAgo)), NOW.minus(Duration.ofDays(toDaysAgo)));
    }

    private static Stanza.Span span(Instant from, Instant to) {
        return new Stanza.Span(
                from, to, 1, "20261112-120000F", "000000010000000000000001", "000000010000000000000002", 1);
    }

    private static Stanza stanza(Stanza.Span... window) {
        return new Stanza(
                "mcpgov",
                null,
                null,
                List.of(window),
                NOW,
                List.of(),
                List.of(),
                null,
                List.of(),
                0,
                0,
                List.of(),
                null);
    }
}
