package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON that is being written, in UTF-8. One object serves for many texts, one after another; one thread. */
final class JsonOutput {

    private static final int USUAL = 16 * 1024;

    /** Above this the room that one text took is given back. */
    private static final int LARGE = 1024 * 1024;

    /** Kafka takes records of a megabyte: what is so much larger as JSON was made to fill the memory. */
    private static final int MOST = 16 * 1024 * 1024;

    private byte[] bytes = new byte[USUAL];
    private int length;

    /** Begins another text. */
    void clear() {
        length = 0;
        if (bytes.length > LARGE) {
            bytes = new byte[USUAL];
        }
    }

    /** What has been written since the beginning. */
    JsonText text() {
        return new JsonText(bytes, length);
    }

    int length() {
        return length;
    }

    /** What has been written since it was so long. */
    String textFrom(int from) {
        return new String(bytes, from, length - from, StandardCharsets.UTF_8);
    }

    /** One character of ASCII. */
    void put(char ascii) {
        need(1);
        bytes[length++] = (byte) ascii;
    }

    /** Characters of ASCII, as they are. */
    void plain(String ascii) {
        int count = ascii.length();
        need(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    /** A number with leading zeros. */
    JsonOutput digits(int value, int width) {
        need(width);
        length += width;
        int left = value;
        for (int at = length - 1; at >= length - width; at--) {
            bytes[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        return this;
    }

    /** A string in quotes. */
    void quoted(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        quoted(utf8, utf8.length, true);
    }

    /**
     * A string in quotes; what is not UTF-8 of it becomes U+FFFD.
     *
     * @param utf8 begins with the string
     * @param count how many bytes it has
     */
    void quoted(byte[] utf8, int count) {
        quoted(utf8, count, false);
    }

    /** From one escape to the next, most strings at once. Only what is not ASCII has to be looked at as characters. */
    private void quoted(byte[] utf8, int count, boolean valid) {
        int start = length;
        put('"');
        int from = 0;
        for (int i = 0; i < count; i++) {
            byte b = utf8[i];
            if (b < 0 && !valid) {
                length = start;
                quoted(new String(utf8, 0, count, StandardCharsets.UTF_8));
                return;
            }
            if (b >= 0 && (b < ' ' || b == '"' || b == '\\')) {
                put(utf8, from, i - from);
                plain(escape(b));
                from = i + 1;
            }
        }
        put(utf8, from, count - from);
        put('"');
    }

    private void put(byte[] from, int offset, int count) {
        need(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    private static String escape(byte b) {
        return switch (b) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 0 -> "\\ufffd"; // PostgreSQL's text cannot hold it
            default -> "\\u%04x".formatted((int) b);
        };
    }

    private void need(int more) {
        if (more <= bytes.length - length) {
            return;
        }
        if (more > MOST - length) {
            throw new IllegalArgumentException("the event has more than %d bytes as JSON".formatted(MOST));
        }
        bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, length + more, MOST));
    }
}
