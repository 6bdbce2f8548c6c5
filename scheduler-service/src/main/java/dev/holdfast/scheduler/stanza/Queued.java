package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a free place.
 *
 * @param backup the request; null for a test
 * @param test the request; null for a backup
 * @param conclusion of its slot, to be published with it; null if it has none
 * @param due since when it could have been asked for
 * @param letIn true once the gate has let it in
 * @param again true if it gave a place back: a blackout or a pause had begun
 */
public record Queued(
        @Nullable BackupRequested backup,
        @Nullable RestoreTestRequested test,
        @Nullable SlotConcluded conclusion,
        Instant due,
        boolean letIn,
        boolean again) {

    /** Of either a backup or a test. */
    public Queued {
        if ((backup == null) == (test == null)) {
            throw new IllegalArgumentException("expected a backup or a test");
        }
    }

    /** The id of the backup's request, or of the test. */
    public UUID id() {
        return test != null ? test.getTestId() : requestId();
    }

    UUID requestId() {
        return of(BackupRequested::getRequestId, RestoreTestRequested::getRequestId);
    }

    RequestKind kind() {
        return test != null ? RequestKind.RESTORE_TEST : RequestKind.BACKUP;
    }

    RequestOrigin origin() {
        return of(BackupRequested::getOrigin, RestoreTestRequested::getOrigin);
    }

    Optional<String> pool() {
        return of(BackupRequested::getPool, RestoreTestRequested::getPool);
    }

    Optional<String> schedule() {
        return of(BackupRequested::getSchedule, RestoreTestRequested::getSchedule);
    }

    /** After this instant it is not asked for any more; the scheduler gives every request of its own one. */
    Instant notAfter() {
        return of(BackupRequested::getNotAfter, RestoreTestRequested::getNotAfter)
                .orElse(Instant.MAX);
    }

    Queued withLetIn(boolean given) {
        return new Queued(backup, test, conclusion, due, given, again);
    }

    Queued withAgain() {
        return new Queued(backup, test, conclusion, due, false, true);
    }

    private <T> T of(Function<BackupRequested, T> ofBackup, Function<RestoreTestRequested, T> ofTest) {
        return test != null ? ofTest.apply(test) : ofBackup.apply(Objects.requireNonNull(backup));
    }
}
