package dev.holdfast.runner.backup;

import dev.holdfast.runner.backup.BackupOutcome.Rejected;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Decides what can be said of a request without running anything. */
public final class RequestGate {

    private final RequestMemory memory;
    private final Clock clock;

    /** A gate that knows what the memory knows. */
    public RequestGate(RequestMemory memory, Clock clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /** What the log knows of a delivered record. */
    public enum Standing {
        /** Nobody has touched it. */
        NEW,
        /** This record was claimed, but has no end. */
        CLAIMED,
        /** This record has ended: there is nothing to do. */
        ENDED,
        /** Another record asked with the same id before. */
        REPEATED
    }

    /** Where the request stands. */
    public Standing standing(RequestHead head) {
        if (memory.isRefusedRepetition(head.requestId(), head.source())) {
            return Standing.ENDED;
        }
        Optional<Ending> ending = memory.ending(head.requestId());
        if (ending.isPresent()) {
            return isSameRecord(head, ending.get().source()) ? Standing.ENDED : Standing.REPEATED;
        }
        Optional<Claim> claim = memory.lastClaim(head.requestId());
        if (claim.isPresent()) {
            return isSameRecord(head, claim.get().source()) ? Standing.CLAIMED : Standing.REPEATED;
        }
        return Standing.NEW;
    }

    /** Why a request that nobody has claimed must not be; empty if it may. */
    public Optional<Rejected> rejection(BackupRequest request) {
        Optional<Cancellation> cancellation = memory.cancellation(request.id());
        if (cancellation.isPresent()) {
            String detail = cancellation.get().words() + ", before it was started";
            return Optional.of(new Rejected(request.head(), Rejection.CANCELLED, detail));
        }
        return expiry(request);
    }

    /** The rejection of a request that came too late; empty if it did not. */
    public Optional<Rejected> expiry(BackupRequest request) {
        Instant now = clock.instant();
        if (!request.isExpired(now)) {
            return Optional.empty();
        }
        String detail = now.isAfter(request.notAfter())
                ? "it could not start before its last instant %s, now it is %s; request the backup again if it is still wanted"
                        .formatted(request.notAfter(), now)
                : "it was recorded at %s, and requests older than %d days are not served; request the backup again if it is still wanted"
                        .formatted(request.recordedAt(), BackupRequest.LIFETIME.toDays());
        return Optional.of(new Rejected(request.head(), Rejection.EXPIRED, detail));
    }

    /** The rejection of a request whose id was used before. */
    public static Rejected duplicate(RequestHead head) {
        return new Rejected(
                head,
                Rejection.DUPLICATE,
                "a request with the id %s was served or is being served; a new backup needs a new request id"
                        .formatted(head.requestId()));
    }

    private static boolean isSameRecord(RequestHead head, Optional<Source> source) {
        return source.isEmpty() || source.get().equals(head.source());
    }
}
