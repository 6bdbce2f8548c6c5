package dev.holdfast.validator.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.ProvenBefore;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestMemoryTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final TestMemory memory = new TestMemory();

    @Test
    void theLastTestThatPassedIsTheStanzasOwnAndTheLatestInWhateverOrderTheLogIsRead() {
        memory.passed("shop", "20261122-100000F", NOON);
        memory.passed("shop", "20261122-090000F", NOON.plusSeconds(1));
        memory.passed("shop", "20261122-090000F", NOON.minusSeconds(1));
        memory.passed("till", "20261122-110000F", NOON.plusSeconds(60));

        assertThat(memory.lastPassed("shop"))
                .contains(new ProvenBefore.Passed("20261122-090000F", NOON.plusSeconds(1)));
        assertThat(memory.lastPassed("shop", "20261122-100000F")).contains(NOON);
        assertThat(memory.lastPassed("elsewhere")).isEmpty();
    }
}
