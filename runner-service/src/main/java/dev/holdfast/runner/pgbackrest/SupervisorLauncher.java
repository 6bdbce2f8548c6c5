package dev.holdfast.runner.pgbackrest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts supervisors in two steps: first a script that does nothing but wait, then the word that lets it begin. The first
 * takes as long as everything else between a request and its backup, and so it is done while the request is being claimed.
 * A script whose runner dies before the word reads the end of its input, and ends without a trace. Safe for many threads.
 */
final class SupervisorLauncher {

    private static final Logger LOGGER = LoggerFactory.getLogger(SupervisorLauncher.class);
    private static final byte[] WORD = "begin\n".getBytes(StandardCharsets.US_ASCII);

    private final Path script;
    private final Duration lease;
    private final Map<Path, CompletableFuture<Process>> waiting = new ConcurrentHashMap<>();

    /**
     * @param script where the script lies on this host
     * @param lease how long a command goes on without a runner
     */
    SupervisorLauncher(Path script, Duration lease) {
        this.script = script;
        this.lease = lease;
    }

    /** Begins to start a supervisor that waits for {@link #launch}. Returns at once. */
    void prepare(RunFolder folder, List<String> command) {
        CompletableFuture<Process> starting =
                CompletableFuture.supplyAsync(() -> start(folder, command), Thread::startVirtualThread);
        Optional.ofNullable(waiting.put(folder.path(), starting)).ifPresent(SupervisorLauncher::letGo);
    }

    /**
     * Lets the supervisor that was prepared begin, or one that is started now.
     *
     * @throws ToolTrouble if none can be started
     */
    Process launch(RunFolder folder, List<String> command) {
        Optional<Process> prepared = prepared(folder);
        if (prepared.isPresent() && isTold(prepared.get())) {
            return prepared.get();
        }
        Process fresh = start(folder, command);
        if (!isTold(fresh)) {
            throw new ToolTrouble(
                    "the supervisor of the run in %s ended before it could begin".formatted(folder.path()));
        }
        return fresh;
    }

    /** Lets the supervisor that was prepared end, if it still waits. */
    void dismiss(RunFolder folder) {
        Optional.ofNullable(waiting.remove(folder.path())).ifPresent(SupervisorLauncher::letGo);
    }

    private Optional<Process> prepared(RunFolder folder) {
        return Optional.ofNullable(waiting.remove(folder.path())).flatMap(SupervisorLauncher::started);
    }

    private static Optional<Process> started(CompletableFuture<Process> starting) {
        try {
            return Optional.of(starting.join());
        } catch (CompletionException e) {
            // what stood against it then may still stand against it: whoever starts one now is told
            LOGGER.atDebug()
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("no supervisor was prepared");
            return Optional.empty();
        }
    }

    private static void letGo(CompletableFuture<Process> starting) {
        Thread.startVirtualThread(() -> started(starting).ifPresent(SupervisorLauncher::endInput));
    }

    private static void endInput(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOGGER.atDebug()
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("the supervisor had ended already");
        }
    }

    /** False if it has ended, for whatever reason, before it could begin. */
    private static boolean isTold(Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(WORD);
            return true;
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("a supervisor ended before it could begin; another one is started");
            return false;
        }
    }

    private Process start(RunFolder folder, List<String> command) {
        List<String> line = new ArrayList<>(List.of(
                "setsid", "sh", script.toString(), folder.path().toString(), String.valueOf(lease.toSeconds())));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        ToolEnvironment.apply(builder.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new ToolTrouble("cannot start 'setsid sh' for the supervisor: " + e.getMessage(), e);
        }
    }
}
