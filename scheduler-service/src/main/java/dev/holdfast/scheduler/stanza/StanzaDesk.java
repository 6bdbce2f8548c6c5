package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Policy;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.gate.Caps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * Decides for a stanza: takes its events in, one by one, and lets its time pass.
 *
 * <p>Both change the ledger and may put events into the moment's outbox; the caller makes one transaction of that. Taking
 * an event in twice changes nothing the second time. The order of events on one topic is kept; across topics they may
 * come in any order.
 */
public final class StanzaDesk {

    private final SlotKeeper slots;
    private final RequestWatch requests;
    private final ProofDesk proofs;
    private final RetryDesk retries;
    private final ObjectiveWatch objectives;
    private final CoverageWatch coverage;
    private final Admissions admissions;

    /**
     * A desk for any number of stanzas.
     *
     * @param facts makes the events
     * @param served who serves what
     * @param caps how much may run at once
     * @param unknownGrace how long a request may wait for somebody to announce its stanza before it is called unknown
     */
    public StanzaDesk(Facts facts, ServedStanzas served, Caps caps, Duration unknownGrace) {
        Timetables timetables = new Timetables();
        this.admissions = new Admissions(facts, caps, served, timetables);
        this.slots = new SlotKeeper(facts, timetables, admissions);
        this.requests = new RequestWatch(facts, served, unknownGrace);
        this.proofs = new ProofDesk(facts, timetables, admissions);
        this.retries = new RetryDesk(facts, timetables, admissions);
        this.objectives = new ObjectiveWatch(facts, served);
        this.coverage = new CoverageWatch(facts);
    }

    /**
     * Takes in an event. Events of no concern are passed over.
     *
     * @param at the Kafka timestamp of the event's record
     * @throws IllegalArgumentException if a policy is invalid: it did not come through the scheduler's HTTP
     */
    public void accept(Ledger ledger, SpecificRecord event, Instant at, Moment moment) {
        switch (event) {
            case Policy policy -> slots.apply(ledger, policy, at, moment);
            case SlotConcluded concluded -> slots.recall(ledger, concluded);
            case BackupRequested request -> {
                requests.asked(ledger, request, at, moment);
                retries.asked(ledger, request, moment);
            }
            case RestoreTestRequested request -> {
                requests.asked(ledger, request, at, moment);
                proofs.asked(ledger, request, at);
            }
            case BackupStarted started -> requests.alive(ledger, started, at, moment);
            case BackupProgressed progressed -> requests.alive(ledger, progressed, at, moment);
            case BackupCompleted completed -> {
                requests.ended(ledger, completed, at, moment);
                Inventory.completed(ledger, completed);
                proofs.completed(ledger, completed, at, moment);
            }
            case BackupFailed failed -> {
                requests.ended(ledger, failed, at, moment);
                retries.failed(ledger, failed.getRequestId(), moment);
            }
            case BackupRejected rejected -> requests.ended(ledger, rejected, at, moment);
            case BackupDiscovered discovered -> Inventory.discovered(ledger, discovered);
            case RepositoryObserved observed -> Inventory.observed(ledger, observed);
            case BackupExpired expired -> Inventory.gone(ledger, expired.getLabel(), expired.getRepository());
            case BackupVanished vanished -> Inventory.gone(ledger, vanished.getLabel(), vanished.getRepository());
            case RestoreTestStarted started -> requests.alive(ledger, started, at, moment);
            case RestoreTestProgressed progressed -> requests.alive(ledger, progressed, at, moment);
            case RestoreTestCompleted completed -> {
                requests.ended(ledger, completed, at, moment);
                Inventory.proven(ledger, completed, at);
                Inventory.tested(ledger, completed);
            }
            case CancelRequested cancel -> {
                requests.cancelled(ledger, cancel, at, moment);
                retries.cancelled(ledger, cancel.getRequestId());
            }
            case RequestUnserved unserved -> requests.recall(ledger, unserved, at, moment);
            case ObjectiveBreached breached -> objectives.recall(ledger, breached);
            case ObjectiveMet met -> objectives.recall(ledger, met);
            case ProofCoverageObserved observed -> coverage.recall(ledger, observed, at);
            default -> {
                // other types of these topics are for other readers
            }
        }
    }

    /**
     * Takes in what a conclusion says besides: which slots of its schedule were still open then. They are concluded later,
     * unless this ledger knows of them: then nothing was lost.
     */
    public void recallOpen(Ledger ledger, SlotConcluded concluded, List<Instant> open) {
        slots.recallOpen(ledger, concluded, open);
    }

    /** The gate lets in what waits for a place, by the id of the backup's request or of the test. */
    public void letIn(Ledger ledger, UUID id) {
        admissions.letIn(ledger, id);
    }

    /** Does what is due by now. Does nothing before the moment is live. */
    public void advance(Ledger ledger, Moment moment) {
        if (!moment.live()) {
            return;
        }
        requests.advance(ledger, moment);
        retries.advance(ledger, moment);
        proofs.advance(ledger, moment);
        slots.advance(ledger, moment);
        admissions.advance(ledger, moment);
        objectives.advance(ledger, moment);
        coverage.advance(ledger, moment);
    }

    /** When something will be due next, as far as is known now; in the past if there is more to do at once. */
    public Optional<Instant> wake(Ledger ledger, Instant now) {
        return Stream.of(
                        slots.wake(ledger, now),
                        requests.wake(ledger, now),
                        retries.wake(ledger, now),
                        proofs.wake(ledger, now),
                        admissions.wake(ledger, now),
                        objectives.wake(ledger),
                        coverage.wake(ledger))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /**
     * The same for a ledger that nobody has judged while its deadlines passed, because the engine was away or still read the
     * log: what was due before {@code now} is due at once.
     */
    public Optional<Instant> wakeUnjudged(Ledger ledger, Instant now) {
        return Stream.of(wake(ledger, now), requests.passedGrace(ledger, now))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }
}
