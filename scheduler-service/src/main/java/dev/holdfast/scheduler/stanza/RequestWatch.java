package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.schemas.StanzaName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Watches every request, whoever made it, until its last fact, and declares the ones that nobody serves. */
final class RequestWatch {

    /** How long after its deadline a start may still be on its way through Kafka. */
    private static final Duration LATE_START = Duration.ofSeconds(60);

    private static final Duration DEFAULT_LOST_AFTER = Duration.ofMinutes(15);

    /** How long an ended request is remembered once everything has been read: its own echo is a moment behind. */
    private static final Duration ECHO = Duration.ofMinutes(10);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Facts facts;
    private final ServedStanzas served;
    private final Duration unknownGrace;

    RequestWatch(Facts facts, ServedStanzas served, Duration unknownGrace) {
        this.facts = facts;
        this.served = served;
        this.unknownGrace = unknownGrace;
    }

    void asked(Ledger ledger, BackupRequested request, Instant at, Moment moment) {
        if (isForgotten(at, moment)) {
            return;
        }
        Tracked known = backup(ledger, request.getRequestId(), at);
        if (!known.isRead() && (known.isOpen() || known.failure() != null)) {
            ledger.tracked.put(known.id(), known.asked(request, at));
        }
    }

    void asked(Ledger ledger, RestoreTestRequested request, Instant at, Moment moment) {
        if (isForgotten(at, moment)) {
            return;
        }
        Tracked known = test(ledger, request.getTestId(), request.getRequestId(), at);
        if (known.isOpen() && !known.isRead()) {
            ledger.tracked.put(known.id(), known.asked(request, at));
        }
    }

    private static boolean isForgotten(Instant at, Moment moment) {
        return at.isBefore(moment.now().minus(Ledger.MEMORY));
    }

    void alive(Ledger ledger, BackupStarted started, Instant at, Moment moment) {
        alive(ledger, backup(ledger, started.getRequestId(), at), heard(at, moment));
    }

    void alive(Ledger ledger, BackupProgressed progressed, Instant at, Moment moment) {
        if (isExpected(ledger, progressed.getRequestId(), moment)) {
            alive(ledger, backup(ledger, progressed.getRequestId(), at), heard(at, moment));
        }
    }

    void alive(Ledger ledger, RestoreTestStarted started, Instant at, Moment moment) {
        alive(ledger, test(ledger, started.getTestId(), started.getRequestId(), at), heard(at, moment));
    }

    void alive(Ledger ledger, RestoreTestProgressed progressed, Instant at, Moment moment) {
        if (isExpected(ledger, progressed.getTestId(), moment)) {
            alive(ledger, test(ledger, progressed.getTestId(), progressed.getRequestId(), at), heard(at, moment));
        }
    }

    /**
     * When a fact of a run counts from. Kafka's timestamp is by the clock of whoever wrote the record, and a runner's may be
     * wrong: were it behind, the start of a run would be older than the declaration that it takes back. What is read as it
     * comes counts by the clock that declares; what lay in the log before has no other time than its own.
     */
    private static Instant heard(Instant at, Moment moment) {
        return moment.live() ? moment.now() : at;
    }

    /**
     * Heartbeats lie on a topic of their own. While old events are read, one may come before its request, or before the end
     * that lies in the log as well; later, one of a request that nobody remembers is an echo of a run that is over.
     */
    private static boolean isExpected(Ledger ledger, UUID id, Moment moment) {
        return ledger.tracked.containsKey(id) || !moment.live();
    }

    private static void alive(Ledger ledger, Tracked request, Instant at) {
        if (request.isOpen()) {
            ledger.tracked.put(request.id(), request.alive(at));
        }
    }

    void ended(Ledger ledger, BackupCompleted completed, Instant at, Moment moment) {
        end(ledger, backup(ledger, completed.getRequestId(), at), heard(at, moment), null);
    }

    void ended(Ledger ledger, BackupFailed failed, Instant at, Moment moment) {
        end(ledger, backup(ledger, failed.getRequestId(), at), heard(at, moment), failed.getCategory());
    }

    void ended(Ledger ledger, BackupRejected rejected, Instant at, Moment moment) {
        if (rejected.getRejection() != RejectionReason.DUPLICATE) {
            end(ledger, backup(ledger, rejected.getRequestId(), at), heard(at, moment), null);
        }
    }

    void ended(Ledger ledger, RestoreTestCompleted completed, Instant at, Moment moment) {
        end(ledger, test(ledger, completed.getTestId(), completed.getRequestId(), at), heard(at, moment), null);
    }

    private static void end(Ledger ledger, Tracked request, Instant at, @Nullable FailureCategory category) {
        if (request.isOpen()) {
            Tracked ended = request.ended(at, category);
            ledger.tracked.put(request.id(), category == null ? ended.closed() : ended);
        }
    }

    /** What an earlier life of this scheduler has declared. */
    void recall(Ledger ledger, RequestUnserved unserved, Instant at, Moment moment) {
        if (isForgotten(at, moment)) {
            return;
        }
        UUID id = unserved.getTestId().orElse(unserved.getRequestId());
        Tracked known =
                ledger.tracked.getOrDefault(id, Tracked.unread(id, unserved.getRequestId(), unserved.getKind(), at));
        if (known.isOpen()) {
            ledger.tracked.put(id, known.declared(unserved.getUnserved(), at));
        }
    }

    /** Somebody wants a request to stop: nobody is missed who has not started it yet. */
    void cancelled(Ledger ledger, CancelRequested cancel, Instant at, Moment moment) {
        if (!isForgotten(at, moment)) {
            ledger.cancelled.putIfAbsent(cancel.getRequestId(), at);
        }
    }

    private static Tracked backup(Ledger ledger, UUID requestId, Instant at) {
        return ledger.tracked.getOrDefault(requestId, Tracked.unread(requestId, requestId, RequestKind.BACKUP, at));
    }

    private static Tracked test(Ledger ledger, UUID testId, UUID requestId, Instant at) {
        return ledger.tracked.getOrDefault(testId, Tracked.unread(testId, requestId, RequestKind.RESTORE_TEST, at));
    }

    /** Declares what is overdue and forgets what is long over. */
    void advance(Ledger ledger, Moment moment) {
        Instant now = moment.now();
        ledger.tracked.values().removeIf(request -> isOver(ledger, request, now));
        ledger.cancelled.values().removeIf(at -> isForgotten(at, moment));
        for (Tracked request :
                ledger.tracked.values().stream().filter(ledger::isBusy).toList()) {
            overdue(ledger, request, now).ifPresent(reason -> declare(ledger, request, reason, moment));
        }
    }

    private static boolean isOver(Ledger ledger, Tracked request, Instant now) {
        Instant ended = request.endedAt();
        if (ended != null) {
            return request.failure() == null && ended.isBefore(now.minus(ECHO));
        }
        return request.seen().isBefore(now.minus(Ledger.MEMORY)) && !ledger.isBusy(request);
    }

    private Optional<UnservedReason> overdue(Ledger ledger, Tracked request, Instant now) {
        Instant heartbeat = request.heartbeat();
        if (heartbeat != null) {
            return now.isAfter(heartbeat.plus(lostAfter(ledger)))
                    ? Optional.of(UnservedReason.RUN_LOST)
                    : Optional.empty();
        }
        if (!request.isRead()) {
            return Optional.empty();
        }
        if (now.isAfter(request.notAfter().plus(LATE_START))) {
            return Optional.of(UnservedReason.NOT_STARTED_IN_TIME);
        }
        return isUnknown(ledger.stanza, request, now) ? Optional.of(UnservedReason.UNKNOWN_STANZA) : Optional.empty();
    }

    private boolean isUnknown(String stanza, Tracked request, Instant now) {
        if (!StanzaName.isValid(stanza)) {
            return true;
        }
        return !now.isBefore(request.seen().plus(unknownGrace))
                && served.isComplete()
                && !served.isServed(stanza, request.kind(), request.pool());
    }

    private void declare(Ledger ledger, Tracked request, UnservedReason reason, Moment moment) {
        ledger.tracked.put(request.id(), request.declared(reason, moment.now()));
        moment.outbox()
                .add(facts.unserved(ledger.stanza, request, reason, detail(ledger, request, reason), moment.now()));
    }

    private String detail(Ledger ledger, Tracked request, UnservedReason reason) {
        String worker = request.kind() == RequestKind.BACKUP ? "runner" : "validator";
        return switch (reason) {
            case UNKNOWN_STANZA ->
                StanzaName.isValid(ledger.stanza)
                        ? "no %s%s announces stanza '%s'; %s. Check the stanza's name, or add it to a %s's list and start that"
                                .formatted(
                                        worker,
                                        request.pool()
                                                .map(pool -> " of pool '%s'".formatted(pool))
                                                .orElse(""),
                                        ledger.stanza,
                                        served.describe(request.kind()),
                                        worker)
                        : "'%s' can't be a stanza; expected %s".formatted(ledger.stanza, StanzaName.rule());
            case NOT_STARTED_IN_TIME ->
                "no %s started it until %s; %s. See whether the %s of stanza '%s' runs and what it logs"
                        .formatted(worker, request.notAfter(), served.describe(request.kind()), worker, ledger.stanza);
            case RUN_LOST ->
                "the last sign of life came at %s; none for %s since. See whether the %s's host is up"
                        .formatted(request.heartbeat(), lostAfter(ledger), worker);
            case UNKNOWN -> "";
        };
    }

    private static Duration lostAfter(Ledger ledger) {
        return ledger.inForce()
                .map(policy -> Duration.ofSeconds(policy.getDefinition().getLostAfterSeconds()))
                .orElse(DEFAULT_LOST_AFTER);
    }

    /** When the next request becomes overdue, if nothing happens. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        return ledger.tracked.values().stream()
                .filter(ledger::isBusy)
                .flatMap(request -> deadline(ledger, request, now).stream())
                .min(Instant::compareTo);
    }

    /** Until when a request had to be announced by somebody, of those for which that is over and nobody may have looked. */
    Optional<Instant> passedGrace(Ledger ledger, Instant now) {
        return ledger.tracked.values().stream()
                .filter(ledger::isBusy)
                .filter(request -> request.isRead() && request.heartbeat() == null)
                .map(request -> request.seen().plus(unknownGrace))
                .filter(grace -> !grace.isAfter(now))
                .min(Instant::compareTo);
    }

    private Optional<Instant> deadline(Ledger ledger, Tracked request, Instant now) {
        Instant heartbeat = request.heartbeat();
        if (heartbeat != null) {
            return Optional.of(heartbeat.plus(lostAfter(ledger)).plusMillis(1));
        }
        if (!request.isRead()) {
            return Optional.empty();
        }
        Instant grace = StanzaName.isValid(ledger.stanza) ? request.seen().plus(unknownGrace) : now;
        if (grace.isAfter(now)) {
            return Optional.of(grace);
        }
        Instant notStarted = request.notAfter().plus(LATE_START).plusMillis(1);
        return served.isComplete() || notStarted.isBefore(now)
                ? Optional.of(notStarted)
                : Optional.of(now.plus(ASK_AGAIN));
    }
}
