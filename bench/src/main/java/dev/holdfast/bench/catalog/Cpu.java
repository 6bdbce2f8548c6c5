package dev.holdfast.bench.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor seconds, which move less with a busy machine than walls do. */
final class Cpu {

    private static final double TICKS = 100.0;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private Cpu() {}

    /** Seconds that a process and its children have used; children that have ended count where somebody waited for them. */
    static double of(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .mapToDouble(process -> own(process.pid()))
                .sum();
    }

    private static double own(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER])
                            + Long.parseLong(fields[SYSTEM])
                            + Long.parseLong(fields[USER + 2])
                            + Long.parseLong(fields[SYSTEM + 2]))
                    / TICKS;
        } catch (IOException gone) {
            return 0;
        }
    }
}
