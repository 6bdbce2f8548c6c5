package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A text that the person hands over: a policy, or evidence.
 *
 * @param name where it came from, for messages
 * @param text its text; what it means is for others to say
 */
record InputFile(String name, String text) {

    private static final long LARGEST_BYTES = 1024 * 1024;

    /** Reads a file, or stdin for {@code -}. */
    static InputFile read(String file) {
        try {
            if (file.equals("-")) {
                return new InputFile("stdin", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            }
            Path path = Path.of(file);
            if (Files.size(path) > LARGEST_BYTES) {
                throw CommandFailure.usage(
                        "%s is larger than 1 MiB: that is neither a policy nor evidence".formatted(file));
            }
            return new InputFile(file, Files.readString(path));
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage("there is no file %s".formatted(file));
        } catch (IOException | InvalidPathException e) {
            throw CommandFailure.usage("cannot read %s: %s".formatted(file, e.getMessage()));
        }
    }
}
