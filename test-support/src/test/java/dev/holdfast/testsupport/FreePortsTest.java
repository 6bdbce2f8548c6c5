package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void whatOneProcessWasGivenNoOtherIs() {
        int given = FreePorts.next();
        // outside the range that ports are given from, so nobody has it
        int free = 20_001;

        assertThat(takenByAnother(given)).isEqualTo("false");
        assertThat(takenByAnother(free)).isEqualTo("true");
        assertThat(FreePorts.next()).isNotEqualTo(given);
    }

    private static String takenByAnother(int port) {
        List<String> command = new ArrayList<>(JavaCommand.start("32m", Path.of("none")));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), PortTaker.class.getName(), String.valueOf(port)));
        return Command.output(command).strip();
    }
}
