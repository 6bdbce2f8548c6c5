package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.backup.Progress;
import dev.holdfast.runner.backup.RunWatch;
import dev.holdfast.runner.backup.StopCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor that was started before it may begin. */
class SupervisorLauncherIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path state;

    private Supervisor supervisor;
    private RunFolder folder;
    private List<String> command;

    @BeforeEach
    void install() {
        supervisor = Supervisor.install(state, Duration.ofSeconds(30), Duration.ofSeconds(1));
        folder = new RunFolder(state.resolve("run"));
        folder.writeWhole(RequestFile.NAME, "{}");
        command = List.of("sh", "-c", "echo ran >>'%s'".formatted(trace()));
    }

    @Test
    void nothingRunsBeforeTheWordAndThenItRunsOnce() throws Exception {
        supervisor.prepare(folder, command);
        awaitWaiting();
        assertThat(folder.state()).isEqualTo(RunFolder.State.PREPARED);
        assertThat(trace()).doesNotExist();

        supervisor.untilEnd(folder, command, new Unconcerned());

        assertThat(folder.exitStatus()).hasValue(0);
        assertThat(Files.readAllLines(trace())).containsExactly("ran");
        awaitNoneWaiting();
    }

    @Test
    void aLostClaimLeavesNoSupervisorAndNoTrace() throws Exception {
        supervisor.prepare(folder, command);
        awaitWaiting();

        supervisor.end(folder, command);

        awaitNoneWaiting();
        assertThat(folder.state()).isEqualTo(RunFolder.State.PREPARED);
        assertThat(trace()).doesNotExist();
    }

    @Test
    void aSecondTryToClaimLeavesOneThatWaits() throws Exception {
        supervisor.prepare(folder, command);
        supervisor.prepare(folder, command);

        Awaitility.await("one waits").atMost(LIMIT).until(() -> waiting().size() == 1);
        supervisor.untilEnd(folder, command, new Unconcerned());

        assertThat(Files.readAllLines(trace())).containsExactly("ran");
    }

    @Test
    void oneThatWasKilledWhileItWaitedIsReplaced() throws Exception {
        supervisor.prepare(folder, command);
        awaitWaiting();
        waiting().forEach(ProcessHandle::destroyForcibly);
        awaitNoneWaiting();

        supervisor.untilEnd(folder, command, new Unconcerned());

        assertThat(folder.exitStatus()).hasValue(0);
        assertThat(Files.readAllLines(trace())).containsExactly("ran");
    }

    private Path trace() {
        return state.resolve("trace");
    }

    private void awaitWaiting() {
        Awaitility.await("a supervisor waits")
                .atMost(LIMIT)
                .until(() -> !waiting().isEmpty());
    }

    private void awaitNoneWaiting() {
        Awaitility.await("no supervisor waits")
                .atMost(LIMIT)
                .until(() -> waiting().isEmpty());
    }

    private List<ProcessHandle> waiting() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments ->
                                Stream.of(arguments).anyMatch(folder.path().toString()::equals))
                        .isPresent())
                .toList();
    }

    /** Stops nothing and tells nobody. */
    private static final class Unconcerned implements RunWatch {

        @Override
        public Optional<StopCause> stopCause() {
            return Optional.empty();
        }

        @Override
        public void progressed(Progress progress) {}
    }
}
