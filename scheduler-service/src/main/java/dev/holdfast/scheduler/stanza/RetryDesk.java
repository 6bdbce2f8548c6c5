package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RetryRule;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Plans another try of what failed for a reason that may pass: a new request that names the first. */
final class RetryDesk {

    /** Trying again can't mend a wrong configuration, a damaged cluster or a cancellation. */
    private static final Set<FailureCategory> PASSING =
            EnumSet.of(FailureCategory.RETRYABLE, FailureCategory.CONFLICT, FailureCategory.TIMEOUT);

    private static final Duration LONGEST_BACKOFF = Duration.ofHours(24);
    private static final int MOST_DOUBLINGS = 20;

    private final Facts facts;
    private final Timetables timetables;
    private final Admissions admissions;

    RetryDesk(Facts facts, Timetables timetables, Admissions admissions) {
        this.facts = facts;
        this.timetables = timetables;
        this.admissions = admissions;
    }

    /** A request was read: a planned retry that is already in the log needs no other, and a failure may have waited for it. */
    void asked(Ledger ledger, BackupRequested request, Moment moment) {
        ledger.retries.remove(request.getRequestId());
        failed(ledger, request.getRequestId(), moment);
    }

    /** Plans the retry of a failed request once both the failure and the request have been read. */
    void failed(Ledger ledger, UUID requestId, Moment moment) {
        Tracked request = ledger.tracked.get(requestId);
        if (request == null) {
            return;
        }
        BackupRequested backup = request.backup();
        FailureCategory failure = request.failure();
        Instant endedAt = request.endedAt();
        if (backup == null || failure == null || endedAt == null) {
            return;
        }
        ledger.inForce()
                .flatMap(policy -> retryOf(backup, failure, endedAt, policy))
                .filter(retry -> !ledger.tracked.containsKey(retry.request().getRequestId()))
                .filter(retry -> !isCancelled(ledger, backup))
                .filter(retry -> retry.due().plus(LONGEST_BACKOFF).isAfter(moment.now()))
                .ifPresent(retry -> ledger.retries.put(retry.request().getRequestId(), retry));
        ledger.tracked.put(requestId, request.closed());
    }

    private Optional<Retry> retryOf(BackupRequested failed, FailureCategory category, Instant at, Policy policy) {
        Optional<RetryRule> rule = policy.getDefinition().getRetry();
        if (!PASSING.contains(category)
                || rule.filter(known -> failed.getAttempt() < known.getAttempts())
                        .isEmpty()) {
            return Optional.empty();
        }
        Instant due = at.plus(backoff(rule.get().getBackoffSeconds(), failed.getAttempt()));
        return Optional.of(
                new Retry(due, facts.retry(failed, firstOf(failed), due, due.plusSeconds(Facts.patience(policy)))));
    }

    /** Somebody wants a request to stop: what failed of it is not tried again. */
    void cancelled(Ledger ledger, UUID requestId) {
        ledger.retries
                .values()
                .removeIf(retry -> requestId.equals(firstOf(retry.request()))
                        || requestId.equals(retry.request().getRequestId())
                        || requestId.equals(retriedBy(retry.request())));
    }

    private static boolean isCancelled(Ledger ledger, BackupRequested failed) {
        return ledger.cancelled.containsKey(failed.getRequestId()) || ledger.cancelled.containsKey(firstOf(failed));
    }

    private static UUID firstOf(BackupRequested request) {
        return request.getRetryOf().orElse(request.getRequestId());
    }

    /** The request whose failure a planned retry answers. */
    private static UUID retriedBy(BackupRequested retry) {
        int failed = retry.getAttempt() - 1;
        return failed == 1 ? firstOf(retry) : Facts.retryId(firstOf(retry), failed);
    }

    private static Duration backoff(long seconds, int attempt) {
        long doubled = seconds << Math.min(attempt - 1, MOST_DOUBLINGS);
        return doubled > LONGEST_BACKOFF.toSeconds() ? LONGEST_BACKOFF : Duration.ofSeconds(doubled);
    }

    /** Publishes the retries that are due and not held back, and takes those back whose first request was cancelled. */
    void advance(Ledger ledger, Moment moment) {
        for (BackupRequested retry : cancelledWithTheirFirst(ledger)) {
            moment.outbox().add(facts.cancel(retry, firstOf(retry), moment.now()));
            ledger.cancelled.put(retry.getRequestId(), moment.now());
        }
        List<Map.Entry<UUID, Retry>> due = ledger.retries.entrySet().stream()
                .filter(entry ->
                        !allowedAt(ledger, entry.getValue(), moment.now()).isAfter(moment.now()))
                .toList();
        for (var entry : due) {
            ledger.retries.remove(entry.getKey());
            BackupRequested request = facts.again(entry.getValue().request(), moment.now());
            admissions.ask(ledger, request, null, entry.getValue().due(), moment);
        }
    }

    /** Retries that wait for a place, are wanted or run although somebody has cancelled what they try again. */
    private static List<BackupRequested> cancelledWithTheirFirst(Ledger ledger) {
        return Stream.concat(
                        ledger.tracked.values().stream().filter(ledger::isBusy).map(Tracked::backup),
                        ledger.queued.values().stream().map(Queued::backup))
                .filter(Objects::nonNull)
                .filter(backup -> !ledger.cancelled.containsKey(backup.getRequestId()) && isCancelled(ledger, backup))
                .toList();
    }

    private Instant allowedAt(Ledger ledger, Retry retry, Instant now) {
        Instant due = retry.due();
        if (due.isAfter(now)) {
            return due;
        }
        return ledger.inForce()
                .flatMap(policy -> timetables.closedUntil(policy, now))
                .orElse(due);
    }

    /** When the next retry is due. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        if (!ledger.cancelled.isEmpty() && !cancelledWithTheirFirst(ledger).isEmpty()) {
            return Optional.of(now);
        }
        return ledger.retries.values().stream()
                .map(retry -> allowedAt(ledger, retry, now))
                .min(Instant::compareTo);
    }
}
