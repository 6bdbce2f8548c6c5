package dev.holdfast.validator.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes of an output. Invalid UTF-8 is replaced: pgBackRest prints some for a wrong cipher pass. */
final class BoundedBytes {

    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    BoundedBytes(int most) {
        this.most = most;
    }

    synchronized void add(byte[] more) {
        bytes.write(more, 0, Math.min(more.length, most - bytes.size()));
    }

    synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
