package dev.holdfast.runner.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A request that may be executed as it stands: whatever it holds has been checked by {@link RequestRules}.
 *
 * @param head identity, who and why
 * @param kind which kind of backup
 * @param repository number of the repository; empty for pgBackRest's default
 * @param recordedAt when Kafka recorded it
 * @param notAfter the last instant at which it may start
 * @param labels the requester's facts
 * @param options pgBackRest options of the closed list, name without dashes to value
 * @param proofWanted whether the backup shall be proven by a restore
 */
public record BackupRequest(
        RequestHead head,
        BackupKind kind,
        OptionalInt repository,
        Instant recordedAt,
        Instant notAfter,
        Map<String, String> labels,
        Map<String, String> options,
        boolean proofWanted) {

    /** How long a request stays servable, whatever it says: the memory of what was served reaches one day further. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    /** How long after its record a request may start if it does not say. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofHours(24);

    /** Copies what it is given. */
    public BackupRequest {
        labels = Map.copyOf(labels);
        options = Map.copyOf(options);
    }

    /** Identity of the request. */
    public UUID id() {
        return head.requestId();
    }

    /** The stanza to back up. */
    public String stanza() {
        return head.stanza();
    }

    /** True if it may no longer start at {@code now}. */
    public boolean isExpired(Instant now) {
        return now.isAfter(notAfter) || now.isAfter(recordedAt.plus(LIFETIME));
    }
}
