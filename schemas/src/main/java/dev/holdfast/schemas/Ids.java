package dev.holdfast.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** UUIDs as RFC 9562 defines them: version 7 for events, version 5 for what must come out the same when asked again. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UUID NAMESPACE = UUID.fromString("6f1f7f2e-6a0e-5c6b-9a53-4c3a7d0f9b11");

    private Ids() {}

    /** A new event id: version 7, ordered by {@code now} to the millisecond, the rest random. */
    public static UUID newEventId(Instant now) {
        // asked for once: two numbers one after the other cost four times as much
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        ByteBuffer drawn = ByteBuffer.wrap(random);
        long high = (now.toEpochMilli() << 16) | 0x7000L | (drawn.getLong() >>> 52);
        long low = (drawn.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /**
     * The same id for the same words, always: version 5 in Holdfast's own name space.
     *
     * @param words what identifies the thing; joined with an unprintable separator, so that ("a","bc") and ("ab","c") differ
     */
    public static UUID derived(String... words) {
        MessageDigest sha1 = sha1();
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .array());
        sha1.update(String.join("\u001f", words).getBytes(StandardCharsets.UTF_8));
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest());
        long high = (hash.getLong() & 0xFFFFFFFFFFFF0FFFL) | 0x5000L;
        long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
