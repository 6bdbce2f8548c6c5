package dev.holdfast.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Words WORDS = new Words(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void nothingKnownIsNothingDrawn() {
        assertThat(Timeline.of(stanza(), List.of(), List.of(), NOW, WORDS)).isEmpty();
    }

    @Test
    void aGapBetweenTwoWindowsIsDrawnWhereItLies() {
        Timeline line = Timeline.of(stanza(span(10, 6), span(5, 0)), List.of(), List.of(), NOW, WORDS)
                .orElseThrow();

        assertThat(line.windows()).hasSize(2);
        assertThat(line.holes()).hasSize(1);
        assertThat(line.holes().getFirst().x()).isCloseTo(400, within(1.0));
        assertThat(line.holes().getFirst().width()).isCloseTo(100, within(1.0));
    }

    @Test
    void theTicksOfAFewSecondsTellThemApart() {
        Stanza.Span young = span(NOW.minusSeconds(40), NOW);

        assertThat(Timeline.of(stanza(young), List.of(), List.of(), NOW, WORDS)
                        .orElseThrow()
                        .ticks())
                .containsExactly("11:59:20", "11:59:30", "11:59:40", "11:59:50", "12:00:00");
        assertThat(Timeline.of(stanza(span(4, 0)), List.of(), List.of(), NOW, WORDS)
                        .orElseThrow()
                        .ticks())
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo("22 Nov 12:00");
    }

    @Test
    void theStepsCoverTheAxisAndLieInThePast() {
        Timeline line = Timeline.of(stanza(span(10, 0)), List.of(), List.of(), NOW, WORDS)
                .orElseThrow();

        assertThat(line.steps().stream().mapToDouble(Timeline.Step::width).sum())
                .isCloseTo(1000, within(0.1));
        assertThat(line.steps()).allMatch(step -> step.at().isBefore(NOW));
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
                "mcpgov", null, null, List.of(window), NOW, List.of(), List.of(), null, List.of(), 0, List.of(), null);
    }
}
