package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A policy as its author wrote it.
 *
 * @param name where it came from, for messages
 * @param yaml its text; whether it is a policy is for the scheduler to say
 */
record PolicyFile(String name, String yaml) {

    private static final long LARGEST_BYTES = 1024 * 1024;

    /** Reads a file, or stdin for {@code -}. */
    static PolicyFile read(String file) {
        try {
            if (file.equals("-")) {
                return new PolicyFile("stdin", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            }
            Path path = Path.of(file);
            if (Files.size(path) > LARGEST_BYTES) {
                throw CommandFailure.usage("%s is larger than 1 MiB: that is no policy".formatted(file));
            }
            return new PolicyFile(file, Files.readString(path));
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage("there is no file %s".formatted(file));
        } catch (IOException | InvalidPathException e) {
            throw CommandFailure.usage("cannot read %s: %s".formatted(file, e.getMessage()));
        }
    }
}
