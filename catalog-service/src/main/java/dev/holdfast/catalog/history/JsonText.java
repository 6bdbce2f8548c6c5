package dev.holdfast.catalog.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON in UTF-8, as it is written once and sent to the store: a string in between would be copied twice more. */
public final class JsonText {

    private final byte[] utf8;

    /**
     * A copy of bytes.
     *
     * @param bytes begin with the text
     * @param length how many of them it has
     */
    public JsonText(byte[] bytes, int length) {
        this.utf8 = Arrays.copyOf(bytes, length);
    }

    /** The text as it is. */
    public static JsonText of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new JsonText(bytes, bytes.length);
    }

    /** Bytes in UTF-8. */
    public int length() {
        return utf8.length;
    }

    /** All bytes, to be read only. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(utf8).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
