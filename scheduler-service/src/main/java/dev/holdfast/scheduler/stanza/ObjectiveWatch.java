package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.Verdict;
import dev.holdfast.scheduler.stanza.Ledger.KnownBackup;
import dev.holdfast.scheduler.stanza.Ledger.ObjectiveStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the age of the newest good backup and of the newest passed proof, also of a stanza that never had one: then it
 * counts from the day its policy came into force. Each change is declared once.
 */
final class ObjectiveWatch {

    private final Facts facts;

    ObjectiveWatch(Facts facts) {
        this.facts = facts;
    }

    private record Promise(
            ObjectiveKind kind, Duration limit, @Nullable Instant newest, Instant since) {

        /** From when on it is broken, if nothing comes. */
        Instant breach() {
            Instant basis = newest == null ? since : newest;
            return basis.plus(limit).plusMillis(1);
        }
    }

    void completed(Ledger ledger, BackupCompleted completed) {
        if (completed.getStatus() == BackupStatus.COMPLETE) {
            ledger.remember(new KnownBackup(
                    completed.getLabel(),
                    completed.getRepository(),
                    completed.getEffectiveType(),
                    completed.getFinishedAt()));
        }
    }

    void discovered(Ledger ledger, BackupDiscovered discovered) {
        if (discovered.getStatus() == BackupStatus.COMPLETE) {
            ledger.remember(new KnownBackup(
                    discovered.getLabel(),
                    discovered.getRepository(),
                    discovered.getType(),
                    discovered.getFinishedAt()));
        }
    }

    void proven(Ledger ledger, RestoreTestCompleted completed) {
        Instant last = ledger.lastProof;
        if (completed.getVerdict() == Verdict.PASSED && (last == null || last.isBefore(completed.getFinishedAt()))) {
            ledger.lastProof = completed.getFinishedAt();
        }
    }

    void recall(Ledger ledger, ObjectiveBreached breached) {
        ledger.objectives.put(breached.getObjective(), new ObjectiveStatus(false, breached.getSince()));
    }

    void recall(Ledger ledger, ObjectiveMet met) {
        ledger.objectives.put(met.getObjective(), new ObjectiveStatus(true, met.getSince()));
    }

    /** Declares every objective that has changed. */
    void advance(Ledger ledger, Moment moment) {
        promises(ledger).forEach(promise -> {
            ObjectiveStatus known = ledger.objectives.get(promise.kind());
            boolean met = moment.now().isBefore(promise.breach());
            boolean unmeasured = met && promise.newest() == null;
            if (!unmeasured && (known == null || known.met() != met)) {
                declare(ledger, promise, met, moment);
            }
        });
    }

    private void declare(Ledger ledger, Promise promise, boolean met, Moment moment) {
        Instant newest = promise.newest();
        Optional<Duration> age = Optional.ofNullable(newest).map(at -> Duration.between(at, moment.now()));
        Instant since = met && newest != null ? newest : promise.breach();
        var measured = new Facts.Measured(since, promise.limit(), age, detail(promise));
        moment.outbox()
                .add(
                        met
                                ? facts.met(ledger.stanza, promise.kind(), measured, moment.now())
                                : facts.breached(ledger.stanza, promise.kind(), measured, moment.now()));
        ledger.objectives.put(promise.kind(), new ObjectiveStatus(met, since));
    }

    private static String detail(Promise promise) {
        String what = promise.kind() == ObjectiveKind.BACKUP_AGE ? "good backup" : "passed proof";
        return promise.newest() == null
                ? "there is no %s since the policy came into force at %s; at most %s is promised"
                        .formatted(what, promise.since(), promise.limit())
                : "the newest %s is of %s; at most %s is promised".formatted(what, promise.newest(), promise.limit());
    }

    private static Stream<Promise> promises(Ledger ledger) {
        Instant since = ledger.inForceSince;
        if (since == null || ledger.inForce().isEmpty()) {
            return Stream.empty();
        }
        Objectives objectives = ledger.inForce().get().getDefinition().getObjectives();
        Instant newest =
                ledger.backups.isEmpty() ? null : ledger.backups.getLast().finishedAt();
        return Stream.of(
                        objectives
                                .getBackupAgeSeconds()
                                .map(seconds -> new Promise(
                                        ObjectiveKind.BACKUP_AGE, Duration.ofSeconds(seconds), newest, since)),
                        objectives
                                .getProofAgeSeconds()
                                .map(seconds -> new Promise(
                                        ObjectiveKind.PROOF_AGE, Duration.ofSeconds(seconds), ledger.lastProof, since)))
                .flatMap(Optional::stream);
    }

    /** When the next objective will be broken, if nothing comes. */
    Optional<Instant> wake(Ledger ledger) {
        return promises(ledger)
                .filter(promise -> Optional.ofNullable(ledger.objectives.get(promise.kind()))
                        .map(ObjectiveStatus::met)
                        .orElse(true))
                .map(Promise::breach)
                .min(Instant::compareTo);
    }
}
