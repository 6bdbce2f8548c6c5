package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts and ends processes that run beside the test. */
final class Processes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Processes() {}

    /** Starts it; both its streams are appended to the log. */
    static Process start(List<String> command, Map<String, String> environment, Path folder, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", command), e);
        }
    }

    /** Asks it to end, and ends it by force if it has not after half a minute. */
    static void stop(Process process) {
        process.destroy();
        if (!ended(process)) {
            kill(process);
        }
    }

    /** Ends it at once, as a crash does. Returns when it is gone. */
    static void kill(Process process) {
        process.destroyForcibly();
        if (!ended(process)) {
            throw new IllegalStateException(
                    "process %d is still there %s after it was killed".formatted(process.pid(), PATIENCE));
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
