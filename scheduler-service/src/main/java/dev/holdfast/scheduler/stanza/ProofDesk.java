package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.AfterBackup;
import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestSchedule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns completed backups into restore tests: by the policy's schedules that follow backups, else by the wish of whoever
 * asked for the backup. One completion, one test of each kind, however often it is read.
 */
final class ProofDesk {

    private final Facts facts;
    private final Timetables timetables;
    private final Admissions admissions;

    ProofDesk(Facts facts, Timetables timetables, Admissions admissions) {
        this.facts = facts;
        this.timetables = timetables;
        this.admissions = admissions;
    }

    /** Keeps a completion until it may be acted on: while old events are read, its test may already lie in the log. */
    void completed(Ledger ledger, BackupCompleted completed, Instant at, Moment moment) {
        if (!at.isBefore(moment.now().minus(Ledger.MEMORY))) {
            ledger.completions.add(completed);
        }
    }

    void asked(Ledger ledger, RestoreTestRequested request, Instant at) {
        ledger.askedTests.putIfAbsent(request.getTestId(), at);
        ledger.heldTests.remove(request.getTestId());
    }

    /** Asks for the tests of what has completed, and for those that were held back. */
    void advance(Ledger ledger, Moment moment) {
        ledger.askedTests.values().removeIf(at -> at.isBefore(moment.now().minus(Ledger.MEMORY)));
        List<BackupCompleted> completions = List.copyOf(ledger.completions);
        ledger.completions.clear();
        completions.forEach(completed -> follow(ledger, completed, moment));
        if (!ledger.heldTests.isEmpty() && closedUntil(ledger, moment.now()).isEmpty()) {
            List<RestoreTestRequested> held = List.copyOf(ledger.heldTests.values());
            ledger.heldTests.clear();
            held.forEach(request -> ask(ledger, request, moment));
        }
    }

    private void follow(Ledger ledger, BackupCompleted completed, Moment moment) {
        boolean followed = false;
        Policy policy = ledger.inForce().orElse(null);
        if (policy != null) {
            for (RestoreTestSchedule schedule : policy.getDefinition().getRestoreTests()) {
                RestoreTestRequested test = facts.testAfter(completed, schedule, policy, moment.now());
                if (schedule.getAfter()
                        .filter(after -> applies(ledger, after, schedule, completed, test.getTestId(), moment.now()))
                        .isPresent()) {
                    followed = true;
                    if (!ledger.askedTests.containsKey(test.getTestId())) {
                        ledger.lastAfter.put(schedule.getName(), moment.now());
                    }
                    askOrHold(ledger, test, moment);
                }
            }
        }
        if (!followed && completed.getProofWanted()) {
            ask(ledger, facts.testWished(completed, moment.now()), moment);
        }
    }

    private static boolean applies(
            Ledger ledger,
            AfterBackup after,
            RestoreTestSchedule schedule,
            BackupCompleted completed,
            UUID testId,
            Instant now) {
        if (ledger.askedTests.containsKey(testId)) {
            return true;
        }
        Instant last = ledger.lastAfter.get(schedule.getName());
        boolean tooSoon = last != null
                && after.getAtMostEverySeconds()
                        .filter(seconds -> now.isBefore(last.plusSeconds(seconds)))
                        .isPresent();
        return after.getType().map(type -> type == completed.getEffectiveType()).orElse(true)
                && drawn(testId) < after.getShare()
                && !tooSoon;
    }

    /** A number from 0 to below 1, the same for the same test. */
    private static double drawn(UUID testId) {
        return (testId.getLeastSignificantBits() & 0xFFFFFFFFFFFFL) / (double) (1L << 48);
    }

    private void askOrHold(Ledger ledger, RestoreTestRequested test, Moment moment) {
        if (closedUntil(ledger, moment.now()).isEmpty()) {
            ask(ledger, test, moment);
        } else if (!ledger.askedTests.containsKey(test.getTestId())) {
            ledger.heldTests.putIfAbsent(test.getTestId(), test);
        }
    }

    private void ask(Ledger ledger, RestoreTestRequested test, Moment moment) {
        if (ledger.askedTests.putIfAbsent(test.getTestId(), moment.now()) != null) {
            return;
        }
        admissions.ask(ledger, test, null, moment.now(), moment);
    }

    private Optional<Instant> closedUntil(Ledger ledger, Instant now) {
        return ledger.inForce().flatMap(policy -> timetables.closedUntil(policy, now));
    }

    /** At once if something has completed, else when what holds tests back ends. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        if (!ledger.completions.isEmpty()) {
            return Optional.of(now);
        }
        return ledger.heldTests.isEmpty()
                ? Optional.empty()
                : Optional.of(closedUntil(ledger, now).orElse(now));
    }
}
