package dev.holdfast.scheduler.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueIndexTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final DueIndex due = new DueIndex();

    @Test
    void nothingIsTakenBeforeItsTimeNotEvenAMicrosecondEarly() {
        due.put("a", Optional.of(NOON.plusNanos(1_000)));

        assertThat(due.takeDue(NOON)).isEmpty();
        assertThat(due.first()).contains(NOON.plusMillis(1));
        assertThat(due.takeDue(NOON.plusMillis(1))).contains("a");
    }

    @Test
    void whatHasWaitedLongestIsTakenFirst() {
        due.put("late", Optional.of(NOON.plusSeconds(1)));
        due.put("early", Optional.of(NOON));

        assertThat(due.takeDue(NOON.plusSeconds(2))).contains("early");
        assertThat(due.takeDue(NOON.plusSeconds(2))).contains("late");
        assertThat(due.takeDue(NOON.plusSeconds(2))).isEmpty();
    }

    @Test
    void whatBecameDueLastNeedNotWaitBehindAStorm() {
        due.put("of the storm", Optional.of(NOON));
        due.put("newcomer", Optional.of(NOON.plusMillis(40)));
        due.put("tomorrow's", Optional.of(NOON.plusSeconds(86_400)));

        assertThat(due.takeNewest(NOON.plusMillis(39))).contains("of the storm");
        due.put("of the storm", Optional.of(NOON));
        assertThat(due.takeNewest(NOON.plusMillis(40))).contains("newcomer");
        assertThat(due.takeNewest(NOON.plusMillis(40))).contains("of the storm");
        assertThat(due.takeNewest(NOON.plusMillis(40))).isEmpty();
    }

    @Test
    void aStanzaHasOneTimeAndTheNewestCounts() {
        due.put("a", Optional.of(NOON));
        due.put("a", Optional.of(NOON.plusSeconds(5)));
        due.put("b", Optional.of(NOON));
        due.put("b", Optional.empty());

        assertThat(due.takeDue(NOON.plusSeconds(1))).isEmpty();
        assertThat(due.takeDue(NOON.plusSeconds(5))).contains("a");
        assertThat(due.first()).isEmpty();
    }

    @Test
    void aPauseWithoutAnEndIsNeverDue() {
        due.put("a", Optional.of(Instant.MAX));

        assertThat(due.takeDue(NOON.plusSeconds(1_000_000_000))).isEmpty();
    }
}
