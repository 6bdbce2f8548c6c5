package dev.holdfast.testsupport.outside;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What runs on this machine, seen from outside. */
public final class Machine {

    private Machine() {}

    /** Command lines of the processes, of any user, that have the text in their arguments or their environment. */
    public static List<String> processesThatName(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> procFile(process, "cmdline").contains(text)
                        || procFile(process, "environ").contains(text))
                .map(process ->
                        process.pid() + " " + procFile(process, "cmdline").replace('\0', ' '))
                .toList();
    }

    /** Command lines of the processes, of any user, that have the file open; a file that was deleted meanwhile, too. */
    public static List<String> processesThatHold(Path file) {
        return ProcessHandle.allProcesses()
                .filter(process -> openFiles(process).anyMatch(open -> open.startsWith(file.toString())))
                .map(process ->
                        process.pid() + " " + procFile(process, "cmdline").replace('\0', ' '))
                .toList();
    }

    /** Names and mounts of the containers, running or not, that have a part of the path mounted. */
    public static List<String> containersThatMount(Path path) {
        return Command.output(List.of(
                        "sh",
                        "-c",
                        "docker ps --all --quiet | xargs --no-run-if-empty docker inspect"
                                + " --format '{{.Name}} {{range .Mounts}}{{.Source}} {{end}}' || true"))
                .lines()
                .filter(container -> container.contains(path.toString()))
                .toList();
    }

    private static Stream<String> openFiles(ProcessHandle process) {
        Path folder = Path.of("/proc", String.valueOf(process.pid()), "fd");
        try (Stream<Path> links = Files.list(folder)) {
            List<Path> numbers = links.toList();
            return numbers.stream().map(Machine::target);
        } catch (IOException | UncheckedIOException gone) {
            // ended meanwhile
            return Stream.empty();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            // between the listing and now
            return "";
        }
    }

    private static String procFile(ProcessHandle process, String name) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), name),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            // ended meanwhile, or another user's
            return "";
        }
    }
}
