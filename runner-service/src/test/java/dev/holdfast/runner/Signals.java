package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import java.util.List;
import java.util.Map;

/** Signals to processes, and to whole process groups. */
final class Signals {

    private Signals() {}

    /** Sends a signal, such as STOP. */
    static void send(long pid, String signal) {
        Command.output(List.of("kill", "-s", signal, String.valueOf(pid)));
    }

    /** Sends a signal, such as STOP, to all processes of a group. */
    static void sendToGroup(long leader, String signal) {
        Command.output(List.of("kill", "-s", signal, "--", "-" + leader));
    }

    /**
     * Kills all processes of a group as a crash does; some may be gone already.
     *
     * @return false if all were
     */
    static boolean killGroup(long leader) {
        return Command.run(List.of("kill", "-s", "KILL", "--", "-" + leader), Map.of())
                        .exitCode()
                == 0;
    }
}
