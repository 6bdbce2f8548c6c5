package dev.holdfast.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** How often the tests that count do what they do, and where they leave their figures for {@code bench/run}. */
final class Figures {

    private static final Path FOLDER = Path.of("target/figures");

    private Figures() {}

    /** {@code -Dholdfast.count=N}, else so many. */
    static int count(int otherwise) {
        return Integer.getInteger("holdfast.count", otherwise);
    }

    /** {@code -Dholdfast.seed=N}, else another one each time. */
    static long seed() {
        return Long.getLong("holdfast.seed", System.nanoTime());
    }

    /** Leaves lines, replacing those of an earlier run. */
    static void leave(String name, List<String> lines) {
        try {
            Files.createDirectories(FOLDER);
            Files.write(FOLDER.resolve(name), lines, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
