package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T02:00:03.123Z");

    @Test
    void anEventIdIsAUuidOfVersion7WithItsTime() {
        for (int i = 0; i < 1000; i++) {
            UUID id = Ids.newEventId(NOW);

            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        }
    }

    @Test
    void eventIdsOfOneMillisecondDiffer() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(Ids.newEventId(NOW));
        }

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void aLaterEventIdSortsLaterAsText() {
        assertThat(Ids.newEventId(NOW).toString())
                .isLessThan(Ids.newEventId(NOW.plusMillis(1)).toString());
    }

    /** Pinned: requests are recognized by such ids, so another algorithm would run old requests again. */
    @Test
    void theSameWordsGiveTheSameIdForEver() {
        assertThat(Ids.derived("mcpgov", "weekly", "2026-11-22T02:00:00Z"))
                .hasToString("b4a51fbe-4ca1-5fd9-9cf3-9c7ad78f3c00")
                .isEqualTo(Ids.derived("mcpgov", "weekly", "2026-11-22T02:00:00Z"))
                .satisfies(id -> assertThat(id.version()).isEqualTo(5))
                .satisfies(id -> assertThat(id.variant()).isEqualTo(2));
    }

    @Test
    void wordsDoNotRunTogether() {
        assertThat(Ids.derived("a", "bc")).isNotEqualTo(Ids.derived("ab", "c"));
        assertThat(Ids.derived("a", "")).isNotEqualTo(Ids.derived("a"));
    }
}
