package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has written so far. */
final class LogFile {

    private static final int TAIL = 4000;

    private LogFile() {}

    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log " + file, e);
        }
    }

    static String tail(Path file) {
        String text = text(file);
        return text.substring(Math.max(0, text.length() - TAIL));
    }
}
