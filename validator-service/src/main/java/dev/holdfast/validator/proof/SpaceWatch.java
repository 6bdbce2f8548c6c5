package dev.holdfast.validator.proof;

import java.util.List;
import java.util.function.Consumer;

/**
 * Watches how much a test writes, and ends it at its limit: a container's volume has no quota of its own.
 *
 * <p>One program inside tells the size every two seconds, so that no command has to be started for each look.
 */
final class SpaceWatch {

    private static final String SIZES = "while sleep 2; do du -s -B1 \"$1\" 2>/dev/null; done";

    private final Sandbox sandbox;
    private final ProofProgress progress;
    private final Consumer<Conclusion> end;

    private SpaceWatch(Sandbox sandbox, ProofProgress progress, Consumer<Conclusion> end) {
        this.sandbox = sandbox;
        this.progress = progress;
        this.end = end;
    }

    /** Watches from now on until the sandbox is closed. */
    static void over(Sandbox sandbox, ProofProgress progress, Consumer<Conclusion> end) {
        SpaceWatch watch = new SpaceWatch(sandbox, progress, end);
        sandbox.start(List.of("sh", "-c", SIZES, "sh", sandbox.workspace()), watch::line);
    }

    private void line(String line) {
        String size = line.split("\t", 2)[0];
        if (size.matches("\\d{1,18}")) {
            progress.written(Long.parseLong(size));
            endIfTooLarge(Long.parseLong(size));
        }
    }

    private void endIfTooLarge(long bytes) {
        if (bytes > sandbox.diskLimit()) {
            end.accept(new Conclusion(
                    Reason.SPACE,
                    "the test wrote %d MB, more than the %d MB it may; raise HOLDFAST_SANDBOX_DISK"
                            .formatted(bytes >> 20, sandbox.diskLimit() >> 20)));
        }
    }
}
