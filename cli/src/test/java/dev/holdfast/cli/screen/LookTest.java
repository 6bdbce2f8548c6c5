package dev.holdfast.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LookTest {

    @Test
    void aTerminalHasColoursAndItsWidth() {
        assertThat(Look.ofTerminal(Map.of("TERM", "xterm", "COLUMNS", "132"))).isEqualTo(new Look(true, 132));
    }

    @Test
    void aTerminalThatDoesNotSayHowWideItIsHasEightyColumns() {
        assertThat(Look.ofTerminal(Map.of("TERM", "xterm", "COLUMNS", "wide"))).isEqualTo(new Look(true, 80));
    }

    @Test
    void whoeverWantsNoColoursGetsNone() {
        assertThat(Look.ofTerminal(Map.of("TERM", "xterm", "NO_COLOR", "1")).colours())
                .isFalse();
        assertThat(Look.ofTerminal(Map.of("TERM", "dumb")).colours()).isFalse();
    }
}
