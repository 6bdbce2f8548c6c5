package dev.holdfast.scheduler.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.Pause;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.scheduler.policy.PolicyReader;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotPreviewTest {

    private static final Instant FROM = Instant.parse("2026-03-27T12:00:00Z");

    @Test
    void theSkippedHourIsShownAtTheFirstValidInstantWithItsOffset() {
        var upcoming = SlotPreview.of("a", policy("30 2 * * *", ""), Optional.empty(), FROM, 3);

        assertThat(upcoming)
                .extracting(slot -> slot.local().toString())
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
    }

    @Test
    void blackoutsAndPausesAreNamed() {
        Pause pause = new Pause(
                Events.requester(),
                "moving",
                Instant.parse("2026-03-28T00:00:00Z"),
                Instant.parse("2026-03-29T00:00:00Z"));
        var upcoming = SlotPreview.of(
                "a",
                policy("0 4 * * *", "blackouts: [{name: sunday, cron: '0 0 * * 0', for: 6h}]"),
                Optional.of(pause),
                FROM,
                3);

        assertThat(upcoming.get(0).pause()).contains("paused by ada: moving");
        assertThat(upcoming.get(1).blackout()).contains("sunday");
        assertThat(upcoming.get(2).pause()).isEmpty();
        assertThat(upcoming.get(2).blackout()).isEmpty();
    }

    @Test
    void jitterIsTheSameEveryTimeStaysInItsBoundsAndSpreadsTheStanzas() {
        Timetable timetable = Timetable.of(policy("0 4 * * *", "jitter: 10m"));
        Set<Duration> seen = new HashSet<>();
        long first = 0;
        for (int i = 0; i < 1_000; i++) {
            Duration jitter = timetable.jitter("stanza-" + i, "nightly");
            assertThat(jitter).isEqualTo(timetable.jitter("stanza-" + i, "nightly"));
            assertThat(jitter).isBetween(Duration.ZERO, Duration.ofMinutes(10));
            first += jitter.compareTo(Duration.ofMinutes(5)) < 0 ? 1 : 0;
            seen.add(jitter);
        }
        assertThat(seen).hasSizeGreaterThan(950);
        assertThat(first).isBetween(420L, 580L);
    }

    private static PolicyDefinition policy(String cron, String further) {
        return PolicyReader.read(
                        "stanza: a\ntimezone: Europe/Berlin\nbackups: [{name: nightly, type: full, cron: '%s'}]\n%s\n"
                                .formatted(cron, further))
                .definition();
    }
}
