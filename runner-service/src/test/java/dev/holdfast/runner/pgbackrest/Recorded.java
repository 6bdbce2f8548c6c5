package dev.holdfast.runner.pgbackrest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Real output of pgBackRest, recorded; where it comes from stands in its README. */
final class Recorded {

    private Recorded() {}

    static byte[] bytes(String name) {
        try (InputStream stream = Recorded.class.getResourceAsStream("/recorded/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("not recorded: " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}
