package dev.holdfast.testsupport.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders that the stories write to or look into. */
public final class Folders {

    private Folders() {}

    /** A new folder under {@code target}: logs stay there after the run, for whoever wants to know what went wrong. */
    public static Path forLogs() {
        try {
            Path parent = Files.createDirectories(Path.of("target/stories").toAbsolutePath());
            return Files.createTempDirectory(parent, "run-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder under target", e);
        }
    }

    /** A folder in another one, made if it is not there. */
    public static Path in(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + parent.resolve(name), e);
        }
    }

    /** All files below a folder. */
    public static List<Path> filesIn(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** A file's bytes, each as one character: good enough to look for words in it, whatever its encoding. */
    public static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
