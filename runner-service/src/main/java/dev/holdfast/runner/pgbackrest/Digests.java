package dev.holdfast.runner.pgbackrest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, as the durable intent uses it. */
final class Digests {

    private Digests() {}

    /** A fresh SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Digest of an argument list, hexadecimal: its parts joined by zero bytes, as the kernel keeps them. */
    static String of(List<String> arguments) {
        byte[] joined = String.join("\0", arguments).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(sha256().digest(joined));
    }
}
