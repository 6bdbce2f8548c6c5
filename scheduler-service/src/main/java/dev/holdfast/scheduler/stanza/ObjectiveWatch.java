package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BreachCause;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches what a policy promises: the age of the newest good backup and of the newest passed proof, how old the newest
 * archived WAL is (RPO), and how long the last proof's restore took (RTO). A stanza that never had any of it counts from
 * the day its policy came into force, but for the RTO: what was never restored was never measured, and that is the proof
 * age's matter. Each change is declared once.
 */
final class ObjectiveWatch {

    /** For how long an observation of the archive counts if its runner does not say when it looks again. */
    static final Duration OBSERVATION_COUNTS = Duration.ofMinutes(25);

    /** How much later than it said a runner may look again: it walks one repository after the other. */
    private static final Duration LATE_LOOK = Duration.ofMinutes(1);

    /** A breach that is seen later than this was not seen because the scheduler was not there. */
    private static final Duration SEEN_LATE = Duration.ofMinutes(1);

    private final Facts facts;
    private final ServedStanzas served;

    ObjectiveWatch(Facts facts, ServedStanzas served) {
        this.facts = facts;
        this.served = served;
    }

    void recall(Ledger ledger, ObjectiveBreached breached) {
        ledger.objectives.put(breached.getObjective(), new ObjectiveStatus(false, breached.getSince()));
    }

    void recall(Ledger ledger, ObjectiveMet met) {
        ledger.objectives.put(met.getObjective(), new ObjectiveStatus(true, met.getSince()));
    }

    /** Declares every objective that has changed. */
    void advance(Ledger ledger, Moment moment) {
        promises(ledger)
                .forEach(promise -> promise.standing(moment.now()).ifPresent(standing -> {
                    ObjectiveStatus known = ledger.objectives.get(promise.kind());
                    if (known == null || known.met() != standing.met()) {
                        declare(ledger, promise, standing, moment);
                    }
                }));
    }

    private void declare(Ledger ledger, Promise promise, Promise.Standing standing, Moment moment) {
        Instant now = moment.now();
        Causes causes = standing.met() ? new Causes() : causes(ledger, promise, standing, now);
        var measured = new Facts.Measured(
                standing.since(),
                promise.limit(),
                promise.value(now),
                promise.detail() + causes.words,
                List.copyOf(causes.known));
        moment.outbox()
                .add(
                        standing.met()
                                ? facts.met(ledger.stanza, promise.kind(), measured, now)
                                : facts.breached(ledger.stanza, promise.kind(), measured, now));
        ledger.objectives.put(promise.kind(), new ObjectiveStatus(standing.met(), standing.since()));
    }

    /** What stands in the way, for programs and for people. */
    private static final class Causes {

        private final Set<BreachCause> known = EnumSet.noneOf(BreachCause.class);
        private final StringBuilder words = new StringBuilder();

        private void add(BreachCause cause, String what) {
            known.add(cause);
            words.append("; ").append(what);
        }
    }

    /** What stands in the way besides the databases: nobody who could do the work, a pause, a scheduler that was away. */
    private Causes causes(Ledger ledger, Promise promise, Promise.Standing standing, Instant now) {
        Causes causes = new Causes();
        RequestKind kind = promise.kind() == ObjectiveKind.PROOF_AGE || promise.kind() == ObjectiveKind.RTO
                ? RequestKind.RESTORE_TEST
                : RequestKind.BACKUP;
        Optional<String> pool = kind == RequestKind.BACKUP
                ? ledger.inForce().flatMap(policy -> policy.getDefinition().getPool())
                : Optional.empty();
        if (served.isComplete() && !served.isAlive(ledger.stanza, kind, pool)) {
            causes.add(
                    BreachCause.NOBODY_ALIVE,
                    "nobody who serves stanza '%s' is alive: %s".formatted(ledger.stanza, served.describe(kind)));
        }
        ledger.queued.values().stream()
                .filter(queued -> queued.kind() == kind)
                .findFirst()
                .ifPresent(queued -> causes.add(
                        BreachCause.WAITS_FOR_PLACE,
                        "request %s waits for a free place since %s".formatted(queued.requestId(), queued.due())));
        if (promise.measure() instanceof Promise.Doubt) {
            causes.known.add(BreachCause.TESTS_INCONCLUSIVE);
        }
        ledger.inForce()
                .filter(policy -> Timetables.isPaused(policy, now))
                .flatMap(Policy::getPause)
                .ifPresent(pause -> causes.add(
                        BreachCause.PAUSED,
                        "the policy is paused by %s".formatted(pause.getBy().getPrincipal())));
        if (promise.measure() instanceof Promise.Age
                && standing.since().plus(SEEN_LATE).isBefore(now)) {
            causes.add(
                    BreachCause.SCHEDULER_AWAY,
                    "seen %s late, because the scheduler did not run or was told late"
                            .formatted(Duration.between(standing.since(), now)
                                    .plusMillis(1)
                                    .truncatedTo(ChronoUnit.SECONDS)));
        }
        return causes;
    }

    private static Stream<Promise> promises(Ledger ledger) {
        Instant since = ledger.inForceSince;
        if (since == null || ledger.inForce().isEmpty()) {
            return Stream.empty();
        }
        Objectives objectives = ledger.inForce().get().getDefinition().getObjectives();
        return Stream.of(
                        objectives.getBackupAgeSeconds().map(limit -> backupAge(ledger, limit, since)),
                        objectives.getProofAgeSeconds().map(limit -> proofAge(ledger, limit, since)),
                        objectives.getRpoSeconds().map(limit -> rpo(ledger, limit, since)),
                        objectives.getRtoSeconds().flatMap(limit -> rto(ledger, limit, since)))
                .flatMap(Optional::stream);
    }

    private static Promise backupAge(Ledger ledger, long limit, Instant since) {
        Instant newest =
                ledger.backups.isEmpty() ? null : ledger.backups.getLast().finishedAt();
        return age(ObjectiveKind.BACKUP_AGE, "good backup", newest, limit, since);
    }

    private static Promise proofAge(Ledger ledger, long limit, Instant since) {
        Instant newest = ledger.lastProof == null ? null : ledger.lastProof.finishedAt();
        if (ledger.inconclusive.size() >= Inventory.INCONCLUSIVE_KEPT) {
            return doubt(ledger, newest, Duration.ofSeconds(limit), since);
        }
        return age(ObjectiveKind.PROOF_AGE, "passed proof", newest, limit, since);
    }

    private static Promise age(ObjectiveKind kind, String what, @Nullable Instant newest, long seconds, Instant since) {
        Duration limit = Duration.ofSeconds(seconds);
        Promise.Age age = newest == null ? null : new Promise.Age(newest, newest);
        return new Promise(kind, limit, age, since, ageInWords(what, newest, limit, since));
    }

    /** Tests that can't tell, time after time, are no proof on the way: it is not waited until the last one is too old. */
    private static Promise doubt(Ledger ledger, @Nullable Instant newest, Duration limit, Instant since) {
        List<Inconclusive> tests = List.copyOf(ledger.inconclusive.values());
        String detail = "the last %d restore tests could not tell, the last one because: %s; %s"
                .formatted(tests.size(), tests.getLast().reason(), ageInWords("passed proof", newest, limit, since));
        var doubt = new Promise.Doubt(tests.getLast().at(), newest);
        return new Promise(ObjectiveKind.PROOF_AGE, limit, doubt, since, detail);
    }

    /** Until when nobody has to have looked again: at least once and a half the time in which somebody wants to. */
    private static Instant trusted(SeenRepository seen) {
        Duration looksAgain = seen.looksAgain();
        return seen.at()
                .plus(
                        looksAgain == null
                                ? OBSERVATION_COUNTS
                                : looksAgain.multipliedBy(3).dividedBy(2).plus(LATE_LOOK));
    }

    private static Promise rpo(Ledger ledger, long seconds, Instant since) {
        Duration limit = Duration.ofSeconds(seconds);
        Promise.Age newest = null;
        for (SeenRepository seen : ledger.repositories.values()) {
            Instant archived = seen.archivedAt();
            if (archived != null && (newest == null || newest.newest().isBefore(archived))) {
                boolean metWhenSeen = Duration.between(archived, seen.at()).compareTo(limit) <= 0;
                newest = new Promise.Age(archived, metWhenSeen ? trusted(seen) : archived);
            }
        }
        String detail =
                ageInWords("WAL segment seen in the archive", newest == null ? null : newest.newest(), limit, since);
        return new Promise(ObjectiveKind.RPO, limit, newest, since, detail);
    }

    private static Optional<Promise> rto(Ledger ledger, long seconds, Instant since) {
        Proof proof = ledger.lastProof;
        Duration took = proof == null ? null : proof.restoreTime();
        if (proof == null || took == null) {
            return Optional.empty();
        }
        Duration limit = Duration.ofSeconds(seconds);
        String detail = "the last passed proof, of %s, had the cluster ready after %s; at most %s is promised"
                .formatted(proof.label(), took, limit);
        return Optional.of(
                new Promise(ObjectiveKind.RTO, limit, new Promise.Fixed(took, proof.finishedAt()), since, detail));
    }

    private static String ageInWords(String what, @Nullable Instant newest, Duration limit, Instant since) {
        return newest == null
                ? "there is no %s since the policy came into force at %s; at most %s is promised"
                        .formatted(what, since, limit)
                : "the newest %s is of %s; at most %s is promised".formatted(what, newest, limit);
    }

    /** When the next objective will be broken, if nothing comes. */
    Optional<Instant> wake(Ledger ledger) {
        return promises(ledger)
                .filter(promise -> Optional.ofNullable(ledger.objectives.get(promise.kind()))
                        .map(ObjectiveStatus::met)
                        .orElse(true))
                .map(Promise::breach)
                .filter(breach -> breach.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }
}
