package dev.holdfast.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.follow.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final StringWriter err = new StringWriter();

    @Test
    void withoutATerminalThereIsOneLineAPhase() {
        ProgressLine line = new ProgressLine(console(false));

        line.show(heartbeat("copying", 10));
        line.show(heartbeat("copying", 20));
        line.show(heartbeat("archiving", 100));
        line.end();

        assertThat(err.toString()).isEqualTo("copying\narchiving\n");
    }

    @Test
    void onATerminalABarIsRedrawnAndErasedBeforeALine() {
        ProgressLine line = new ProgressLine(console(true));

        line.show(heartbeat("copying", 50));
        line.show(new Step.Milestone("done"));

        assertThat(err.toString())
                .isEqualTo("\r\u001b[K[############............]  50 %  copying  512 B of 1.0 KiB\r\u001b[Kdone\n");
    }

    @Test
    void whatAnEventSaysCannotMoveTheCursor() {
        ProgressLine line = new ProgressLine(console(false));

        line.show(new Step.Warning("bad\u001b[2J\nnews"));

        assertThat(err.toString()).isEqualTo("warning: bad [2J news\n");
    }

    private Console console(boolean isTerminal) {
        return new Console(new PrintWriter(new StringWriter()), new PrintWriter(err), isTerminal, Look.PLAIN);
    }

    private static Step heartbeat(String phase, double percent) {
        return new Step.Heartbeat(phase, OptionalDouble.of(percent), OptionalLong.of(512), Optional.of(1024L));
    }
}
