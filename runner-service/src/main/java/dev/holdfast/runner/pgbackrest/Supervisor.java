package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Progress;
import dev.holdfast.runner.backup.RunWatch;
import dev.holdfast.runner.backup.StopCause;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands that outlive the runner: each under a small script that leads a session of its own, writes down how the
 * command ended, and ends the whole process group once nobody has renewed the lease.
 *
 * @param launcher starts the script
 * @param beat how often the lease is renewed and the run's {@link RunWatch} is asked
 */
record Supervisor(SupervisorLauncher launcher, Duration beat) {

    private static final Logger LOGGER = LoggerFactory.getLogger(Supervisor.class);
    private static final String RESOURCE = "supervise";
    private static final long LOOK_MILLIS = 100;

    /**
     * Puts the script where it can be executed.
     *
     * @param lease how long a command goes on without a runner
     * @param beat how often the lease is renewed and the run's {@link RunWatch} is asked
     */
    static Supervisor install(Path state, Duration lease, Duration beat) {
        Path script = state.resolve(RESOURCE).toAbsolutePath();
        try (InputStream source = Supervisor.class.getResourceAsStream(RESOURCE)) {
            if (source == null) {
                throw new IllegalStateException("the jar lacks the resource " + RESOURCE);
            }
            Files.createDirectories(script.getParent());
            // a supervisor that runs goes on with the file that it has open
            Path draft = script.resolveSibling(RESOURCE + ".draft");
            Files.copy(source, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, script, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write to %s: set HOLDFAST_RUNNER_STATE to a folder that the runner may write"
                            .formatted(state),
                    e);
        }
        return new Supervisor(new SupervisorLauncher(script, lease), beat);
    }

    /** Gets ready to execute the command in the folder, in the background; {@link #untilEnd} or {@link #end} must follow. */
    void prepare(RunFolder folder, List<String> command) {
        launcher.prepare(folder, command);
    }

    /**
     * Executes the command in the folder, or adopts the execution that is there, and waits for its end.
     *
     * @return why the watch had it stopped; empty if it ended by itself
     * @throws InterruptedException if the runner stops meanwhile; the command goes on for as long as its lease
     */
    Optional<StopCause> untilEnd(RunFolder folder, List<String> command, RunWatch watch) throws InterruptedException {
        folder.renewLease();
        endOrphan(folder, command);
        Process process = folder.state() == RunFolder.State.PREPARED ? launcher.launch(folder, command) : null;
        ProgressReader progress = new ProgressReader(folder.stdout());
        watch.progressed(Progress.STARTING);
        Optional<StopCause> stopped = Optional.empty();
        while (!hasEnded(folder, process)) {
            folder.renewLease();
            if (stopped.isEmpty()) {
                stopped = watch.stopCause();
                if (stopped.isPresent()) {
                    folder.requestStop();
                }
            }
            watch.progressed(progress.read());
        }
        return stopped;
    }

    /** Has the command's whole group ended, if it runs, and waits until it has. A command that was prepared will not run. */
    void end(RunFolder folder, List<String> command) throws InterruptedException {
        launcher.dismiss(folder);
        endOrphan(folder, command);
        if (folder.state() == RunFolder.State.RUNNING) {
            folder.requestStop();
        }
        while (folder.state() == RunFolder.State.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** A command whose supervisor was killed has no lease that could run out: its group is ended at once. */
    private static void endOrphan(RunFolder folder, List<String> command) throws InterruptedException {
        Optional<ProcessHandle> orphan =
                folder.state() == RunFolder.State.LOST ? folder.livingChild(command) : Optional.empty();
        if (orphan.isPresent()) {
            long group = orphan.get().pid();
            LOGGER.atWarn().addKeyValue("group", group).log("a run has lost its supervisor; its processes are ended");
            kill(group);
            while (folder.livingChild(command).isPresent()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    private static void kill(long group) throws InterruptedException {
        try {
            int exit = new ProcessBuilder("kill", "-s", "KILL", "--", "-" + group)
                    .start()
                    .waitFor();
            LOGGER.atDebug().addKeyValue("exit", exit).log("kill ended");
        } catch (IOException e) {
            throw new ToolTrouble("cannot run 'kill': " + e.getMessage(), e);
        }
    }

    /** Waits for one beat, or until the end. */
    private boolean hasEnded(RunFolder folder, @Nullable Process process) throws InterruptedException {
        if (process != null) {
            return process.waitFor(beat.toMillis(), TimeUnit.MILLISECONDS) && folder.state() != RunFolder.State.RUNNING;
        }
        long end = System.nanoTime() + beat.toNanos();
        while (folder.state() == RunFolder.State.RUNNING) {
            if (System.nanoTime() >= end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }
}
