package dev.holdfast.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of this machine as the kernel shows them. */
final class ProcessTable {

    private ProcessTable() {}

    /**
     * One process.
     *
     * @param pid its number
     * @param commandLine with spaces between the arguments; every user of the machine can read it
     * @param environment with spaces between the variables; empty where this user may not read it
     */
    record Entry(long pid, String commandLine, String environment) {}

    /** All processes but this one; those that end meanwhile are left out. */
    static List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                String commandLine = text(process.resolve("cmdline"));
                if (pid != ProcessHandle.current().pid() && !commandLine.isEmpty()) {
                    entries.add(new Entry(pid, commandLine, text(process.resolve("environ"))));
                }
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc", e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            // it has ended, or belongs to somebody else
            return "";
        }
    }
}
