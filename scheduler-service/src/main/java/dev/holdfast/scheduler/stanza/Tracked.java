package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.UnservedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request under watch. Its facts may be read before the request itself, because they lie on another topic.
 *
 * @param id the backup request's id, or the restore test's own
 * @param requestId the id of the request that the events carry
 * @param kind what it is for
 * @param seen the Kafka timestamp of the request, or of its first fact until the request has been read
 * @param backup the request for a backup; null for a test, and until it has been read
 * @param test the request for a test; null for a backup, and until it has been read
 * @param heartbeat when the run was last heard of, by the scheduler's clock, or from the log by the record's timestamp; null
 *     if it has not started
 * @param unserved what was declared about it and still holds; null if nothing does
 * @param declaredAt the Kafka timestamp of the last declaration, also of one that no longer holds; null if there was none
 * @param endedAt when its last fact was heard of, by the same clock; null while it is open
 * @param failure why it failed, until that has been dealt with; null otherwise
 */
public record Tracked(
        UUID id,
        UUID requestId,
        RequestKind kind,
        Instant seen,
        @Nullable BackupRequested backup,
        @Nullable RestoreTestRequested test,
        @Nullable Instant heartbeat,
        @Nullable UnservedReason unserved,
        @Nullable Instant declaredAt,
        @Nullable Instant endedAt,
        @Nullable FailureCategory failure) {

    private static final Duration DEFAULT_PATIENCE = Duration.ofHours(24);

    static Tracked unread(UUID id, UUID requestId, RequestKind kind, Instant seen) {
        return new Tracked(id, requestId, kind, seen, null, null, null, null, null, null, null);
    }

    /** True until its last fact. */
    boolean isOpen() {
        return endedAt == null;
    }

    /** True if nothing was declared about it that still holds. */
    boolean isHopeful() {
        return endedAt == null && unserved == null;
    }

    /** True once a runner or validator has given a sign of life. */
    boolean isStarted() {
        return heartbeat != null;
    }

    /** True if its request has been read: only then can its deadline be known. */
    boolean isRead() {
        return backup != null || test != null;
    }

    /** Until when it may start. */
    Instant notAfter() {
        Optional<Instant> wanted =
                backup != null ? backup.getNotAfter() : test != null ? test.getNotAfter() : Optional.empty();
        return wanted.orElse(seen.plus(DEFAULT_PATIENCE));
    }

    /** The pool that shall serve it; empty for any. */
    Optional<String> pool() {
        return backup != null ? backup.getPool() : test != null ? test.getPool() : Optional.empty();
    }

    Tracked asked(BackupRequested request, Instant at) {
        return new Tracked(id, requestId, kind, at, request, null, heartbeat, unserved, declaredAt, endedAt, failure);
    }

    Tracked asked(RestoreTestRequested request, Instant at) {
        return new Tracked(id, requestId, kind, at, null, request, heartbeat, unserved, declaredAt, endedAt, failure);
    }

    /** A sign of life: what was declared about it before no longer holds. */
    Tracked alive(Instant at) {
        Instant newest = heartbeat == null || heartbeat.isBefore(at) ? at : heartbeat;
        UnservedReason holds = declaredAt == null || newest.isAfter(declaredAt) ? null : unserved;
        return new Tracked(id, requestId, kind, seen, backup, test, newest, holds, declaredAt, endedAt, failure);
    }

    /**
     * Declared unserved. Declarations lie on another topic than signs of life, so what is read last need not be the
     * latest: the newer of the two holds.
     */
    Tracked declared(UnservedReason reason, Instant at) {
        if (declaredAt != null && declaredAt.isAfter(at)) {
            return this;
        }
        UnservedReason holds = heartbeat == null || !heartbeat.isAfter(at) ? reason : null;
        return new Tracked(id, requestId, kind, seen, backup, test, heartbeat, holds, at, endedAt, failure);
    }

    Tracked ended(Instant at, @Nullable FailureCategory category) {
        return new Tracked(id, requestId, kind, seen, backup, test, heartbeat, unserved, declaredAt, at, category);
    }

    /** Over and dealt with: only its id still matters, for facts that come twice or before their request. */
    Tracked closed() {
        return new Tracked(id, requestId, kind, seen, null, null, null, unserved, declaredAt, endedAt, null);
    }
}
