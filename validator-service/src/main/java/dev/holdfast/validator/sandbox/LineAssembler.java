package dev.holdfast.validator.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of an output that arrives in pieces. A line longer than 16 KiB is cut. */
final class LineAssembler {

    private static final int LONGEST = 16 << 10;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineAssembler(Consumer<String> lines) {
        this.lines = lines;
    }

    synchronized void add(byte[] piece) {
        for (byte next : piece) {
            if (next == '\n') {
                flush();
            } else if (line.size() < LONGEST) {
                line.write(next);
            }
        }
    }

    /** Hands on what has no line end. */
    synchronized void end() {
        if (line.size() > 0) {
            flush();
        }
    }

    private void flush() {
        lines.accept(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
