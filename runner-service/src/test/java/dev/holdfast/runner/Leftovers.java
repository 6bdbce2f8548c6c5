package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a runner should leave nothing of.
 *
 * @param processes command lines of what runs
 * @param locks pgBackRest's locks that somebody holds
 * @param files what lies in folders that should be empty
 */
record Leftovers(List<String> processes, List<Path> locks, List<Path> files) {

    /**
     * Looks for them.
     *
     * @param marks any of them is in the command line of whatever belongs to the runner
     * @param lockPath pgBackRest's folder of locks
     * @param folders should be empty
     */
    static Leftovers of(List<String> marks, Path lockPath, List<Path> folders) {
        return new Leftovers(
                ProcessTable.read().stream()
                        .map(ProcessTable.Entry::commandLine)
                        // PostgreSQL's own: it goes on archiving
                        .filter(line -> !line.contains("archive-push"))
                        .filter(line -> marks.stream().anyMatch(line::contains))
                        .toList(),
                under(lockPath, file -> file.toString().endsWith(".lock") && isHeld(file)),
                folders.stream()
                        .flatMap(folder -> under(folder, file -> !file.equals(folder)).stream())
                        .toList());
    }

    boolean isEmpty() {
        return processes.isEmpty() && locks.isEmpty() && files.isEmpty();
    }

    private static boolean isHeld(Path lock) {
        return Command.run(List.of("flock", "--nonblock", lock.toString(), "true"), Map.of())
                        .exitCode()
                != 0;
    }

    private static List<Path> under(Path folder, Predicate<Path> condition) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(condition).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }
}
