package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends at the JVM's exit what a test left open, the newest first: a test that was killed half-way leaves nothing running. */
final class Cleanup {

    private static final Logger LOGGER = LoggerFactory.getLogger(Cleanup.class);
    private static final Deque<Runnable> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::all, "holdfast-test-cleanup"));
    }

    private Cleanup() {}

    /** Runs it at the JVM's exit, unless {@link #forget} comes first. */
    static synchronized void atExit(Runnable end) {
        OPEN.push(end);
    }

    /** It has been ended already. */
    static synchronized void forget(Runnable end) {
        OPEN.remove(end);
    }

    /** Removes a folder and everything in it; one that is gone already is fine. */
    static void delete(Path folder) {
        for (Path path : deepestFirst(folder)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + path, e);
            }
        }
    }

    private static List<Path> deepestFirst(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static synchronized void all() {
        while (!OPEN.isEmpty()) {
            Runnable end = OPEN.pop();
            try {
                end.run();
            } catch (RuntimeException e) {
                // the others shall be ended too, and nobody is left to throw to
                LOGGER.warn("a test's leftovers were not all removed", e);
            }
        }
    }
}
