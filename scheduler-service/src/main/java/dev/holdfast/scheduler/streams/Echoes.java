package dev.holdfast.scheduler.streams;

import dev.holdfast.schemas.CloudEventHeaders;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The events that this process has written and not read back yet. What they say was taken in when they were written, in the
 * same transaction, so reading them would change nothing and only cost time. After a crash or in another process nobody
 * remembers them, and they are read like any other. Safe for several threads.
 */
public final class Echoes {

    /** A storm may leave so many unread; those of aborted transactions never come back and must not pile up. */
    private static final int MOST = 400_000;

    private static final String EVENT_ID = "ce_id";

    private final Set<UUID> expected = ConcurrentHashMap.newKeySet();

    /** An event is being written. */
    void expect(UUID eventId) {
        if (expected.size() >= MOST) {
            expected.clear();
        }
        expected.add(eventId);
    }

    /** True once for an event that this process has written. */
    boolean isEcho(Headers headers) {
        return !expected.isEmpty()
                && CloudEventHeaders.text(headers, EVENT_ID)
                        .flatMap(Echoes::uuid)
                        .filter(expected::remove)
                        .isPresent();
    }

    /** Hands on what an echo is known by. */
    static void keepId(Headers from, Headers to) {
        Header id = from.lastHeader(EVENT_ID);
        if (id != null) {
            to.add(id);
        }
    }

    /** Headers are anybody's: what is no id is no echo. */
    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
