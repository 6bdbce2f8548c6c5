package dev.holdfast.runner.intake;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells without decoding which records can't be for this runner. Avro writes a string as its bytes in UTF-8, one after the
 * other (its specification, "Binary Encoding", "Primitive Types"), so a request for a stanza contains the stanza's name. The
 * record's key is no help: whoever publishes may have set it wrong.
 */
final class NameSearch {

    /** With more names a search costs as much as decoding. */
    private static final int MOST_NAMES = 32;

    private final List<byte[]> names;

    /** Looks for any of these stanzas; for none of them, if they are many. */
    NameSearch(Collection<String> stanzas) {
        this.names = stanzas.size() > MOST_NAMES
                ? List.of(new byte[0])
                : stanzas.stream()
                        .map(stanza -> stanza.getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    /** False if the value is certainly no request for one of the stanzas; null is a record without a value. */
    boolean mayBeIn(byte @Nullable [] value) {
        if (value == null) {
            return true;
        }
        for (byte[] name : names) {
            if (contains(value, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(byte[] value, byte[] name) {
        for (int begin = 0; begin <= value.length - name.length; begin++) {
            int same = 0;
            while (same < name.length && value[begin + same] == name[same]) {
                same++;
            }
            if (same == name.length) {
                return true;
            }
        }
        return false;
    }
}
