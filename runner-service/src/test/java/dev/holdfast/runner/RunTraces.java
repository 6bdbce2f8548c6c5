package dev.holdfast.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What a runner has on its disk of the runs that it looks after.
 *
 * @param state the runner's folder
 */
record RunTraces(Path state) {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** The folders that are empty when nothing is left of any run. */
    List<Path> folders() {
        return List.of(runs(), state.resolve("spool"));
    }

    /** Waits until the run that was written down has ended, whoever ended it. */
    void awaitEnded() {
        Awaitility.await("the end of the run")
                .atMost(PATIENCE)
                .until(() -> filesUnder(runs()).stream().anyMatch(file -> file.endsWith("exit")));
    }

    /** Waits until every run that was written down is forgotten. */
    void awaitNone() {
        Awaitility.await("no runs")
                .atMost(PATIENCE)
                .until(() -> filesUnder(runs()).stream().noneMatch(Files::isRegularFile));
    }

    /** The process id of the run's supervisor. */
    long supervisor() {
        return process("supervisor");
    }

    /** The process id of the run's command, which is its process group's too. */
    long child() {
        return process("child");
    }

    /** Waits until a backup that runs has printed the text. */
    void awaitOutput(String text) {
        awaitOutputIn("", text);
    }

    /** Waits until the backup of the request has printed the text. */
    void awaitOutputOf(UUID requestId, String text) {
        awaitOutputIn(requestId.toString(), text);
    }

    /** All that is written under the runner's folder. */
    String text() {
        return filesUnder(state).stream()
                .filter(Files::isRegularFile)
                .map(RunTraces::read)
                .collect(Collectors.joining());
    }

    private Path runs() {
        return state.resolve("runs");
    }

    private void awaitOutputIn(String folder, String text) {
        Awaitility.await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> filesUnder(runs()).stream()
                        .filter(file ->
                                file.endsWith("stdout") && file.toString().contains(folder))
                        .anyMatch(file -> read(file).contains(text)));
    }

    /** The shell makes a file first and writes into it afterwards. */
    private long process(String name) {
        return Awaitility.await(name)
                .atMost(PATIENCE)
                .until(
                        () -> filesUnder(runs()).stream()
                                .filter(file -> file.endsWith(name))
                                .map(file -> read(file).strip())
                                .filter(number -> !number.isEmpty())
                                .findFirst(),
                        Optional::isPresent)
                .map(Long::parseLong)
                .orElseThrow();
    }

    private static List<Path> filesUnder(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            // it is not there yet, or goes while it is looked at
            return List.of();
        }
    }

    /** Nothing of a file that goes while it is looked at. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
