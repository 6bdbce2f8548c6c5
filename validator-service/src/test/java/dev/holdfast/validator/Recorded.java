package dev.holdfast.validator;

import dev.holdfast.validator.proof.RecoveryLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Output of pgBackRest 2.45 and PostgreSQL 15.18, recorded with real faults injected; see {@code recorded/README.md}. */
public final class Recorded {

    private Recorded() {}

    /** The text of a file. Bytes that are no UTF-8 are replaced, as the sandbox does. */
    public static String text(String name) {
        try (InputStream stream = Recorded.class.getResourceAsStream("/recorded/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("not recorded: " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server's log. */
    public static RecoveryLog serverLog(String name) {
        RecoveryLog log = new RecoveryLog();
        text("server-" + name + ".log").lines().forEach(log::add);
        return log;
    }
}
