package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeftoversTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Map<String, String> MINE = labels("me", NOW.plusSeconds(3600));
    private static final Map<String, String> OTHERS = labels("other", NOW.plusSeconds(3600));

    private final Leftovers leftovers = new Leftovers("me", Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void whatIMadeInAnEarlierLifeIsLeftOver() {
        assertThat(leftovers.contain(MINE, NOW.minusSeconds(1), true, false)).isTrue();
    }

    @Test
    void whatIWorkInIsNot() {
        assertThat(leftovers.contain(MINE, NOW.minusSeconds(3000), true, true)).isFalse();
    }

    @Test
    void whatIHaveJustMadeMayNotHaveBeenNotedYet() {
        assertThat(leftovers.contain(MINE, NOW, false, false)).isFalse();
    }

    @Test
    void anothersThatRunsIsNot() {
        assertThat(leftovers.contain(OTHERS, NOW.minusSeconds(3000), true, false))
                .isFalse();
    }

    @Test
    void anothersThatWasNeverStartedIsAfterTenMinutes() {
        assertThat(leftovers.contain(OTHERS, NOW.minusSeconds(599), false, false))
                .isFalse();
        assertThat(leftovers.contain(OTHERS, NOW.minusSeconds(601), false, false))
                .isTrue();
    }

    @Test
    void whatIsPastItsDeadlineIsWhoeverMadeIt() {
        assertThat(leftovers.contain(labels("other", NOW.minusSeconds(1)), NOW, true, false))
                .isTrue();
    }

    private static Map<String, String> labels(String owner, Instant deadline) {
        return Map.of(
                DockerEngine.OWNER_LABEL,
                owner,
                DockerEngine.DEADLINE_LABEL,
                String.valueOf(deadline.getEpochSecond()));
    }
}
