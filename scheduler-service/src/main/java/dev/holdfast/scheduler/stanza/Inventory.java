package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.TargetReached;
import dev.holdfast.events.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes in what there is: good backups, passed proofs, and what the repositories were seen to hold. */
final class Inventory {

    /** So many tests in a row that could not tell are a breach of the proof age. */
    static final int INCONCLUSIVE_KEPT = 3;

    private static final int BACKUPS_KEPT = 32;

    private Inventory() {}

    /** True if an incremental or differential backup has something to build on. */
    static boolean hasFull(Ledger ledger, Optional<Integer> repository) {
        return ledger.backups.stream()
                .anyMatch(backup -> backup.type() == BackupType.FULL
                        && repository
                                .map(wanted -> wanted == backup.repository())
                                .orElse(true));
    }

    /** Adds a good backup and forgets the oldest ones, but always keeps the newest full. */
    private static void remember(Ledger ledger, KnownBackup backup) {
        gone(ledger, backup.label(), backup.repository());
        ledger.backups.add(backup);
        ledger.backups.sort(Comparator.comparing(KnownBackup::finishedAt));
        while (ledger.backups.size() > BACKUPS_KEPT) {
            KnownBackup newestFull = ledger.backups.stream()
                    .filter(known -> known.type() == BackupType.FULL)
                    .reduce((older, newer) -> newer)
                    .orElse(null);
            ledger.backups.remove(ledger.backups.getFirst().equals(newestFull) ? 1 : 0);
        }
    }

    /** A backup is no longer there. */
    static void gone(Ledger ledger, String label, int repository) {
        ledger.backups.removeIf(backup -> backup.label().equals(label) && backup.repository() == repository);
    }

    static void completed(Ledger ledger, BackupCompleted completed) {
        if (completed.getStatus() == BackupStatus.COMPLETE) {
            remember(
                    ledger,
                    new KnownBackup(
                            completed.getLabel(),
                            completed.getRepository(),
                            completed.getEffectiveType(),
                            shapeOf(completed.getReferences(), completed.getLabel()),
                            completed.getFinishedAt()));
        }
    }

    static void discovered(Ledger ledger, BackupDiscovered discovered) {
        if (discovered.getStatus() == BackupStatus.COMPLETE) {
            remember(
                    ledger,
                    new KnownBackup(
                            discovered.getLabel(),
                            discovered.getRepository(),
                            discovered.getType(),
                            shapeOf(discovered.getReferences(), discovered.getLabel()),
                            discovered.getFinishedAt()));
        }
    }

    /** A test that could not tell is remembered until one that could. */
    static void tested(Ledger ledger, RestoreTestCompleted completed) {
        switch (completed.getVerdict()) {
            case INCONCLUSIVE -> {
                ledger.inconclusive.put(
                        completed.getTestId(), new Inconclusive(completed.getFinishedAt(), completed.getReason()));
                while (ledger.inconclusive.size() > INCONCLUSIVE_KEPT) {
                    ledger.inconclusive.remove(
                            ledger.inconclusive.keySet().iterator().next());
                }
            }
            case PASSED, FAILED ->
                ledger.inconclusive.values().removeIf(test -> !test.at().isAfter(completed.getFinishedAt()));
            case EXPIRED, UNKNOWN -> {
                // says nothing of whether tests can be made
            }
        }
    }

    /** A passed test counts; {@code at} is its fact's Kafka timestamp. */
    static void proven(Ledger ledger, RestoreTestCompleted completed, Instant at) {
        if (completed.getVerdict() != Verdict.PASSED
                || completed.getLabel().isEmpty()
                || completed.getRepository().isEmpty()) {
            return;
        }
        Proof proof = new Proof(
                completed.getLabel().get(),
                completed.getRepository().get(),
                completed.getChainShape(),
                completed.getFinishedAt(),
                completed.getReached().flatMap(TargetReached::getLastCommitAt).orElse(null),
                completed.getReadyMillis().map(Duration::ofMillis).orElse(null));
        ledger.proofs.merge(proof.key(), proof, Inventory::newer);
        ledger.lastProof = ledger.lastProof == null ? proof : newer(ledger.lastProof, proof);
        ledger.provenAt = ledger.provenAt == null || ledger.provenAt.isBefore(at) ? at : ledger.provenAt;
    }

    private static Proof newer(Proof one, Proof other) {
        return one.finishedAt().isAfter(other.finishedAt()) ? one : other;
    }

    static void observed(Ledger ledger, RepositoryObserved observed) {
        Instant at = observed.getOccurredAt();
        SeenRepository seen = new SeenRepository(
                at,
                observed.getArchiverLagSeconds().map(at::minusSeconds).orElse(null),
                List.copyOf(observed.getBackups()),
                observed.getWindows().stream()
                        .map(window -> new Window(window.getFrom(), window.getTo()))
                        .toList(),
                observed.getLooksAgainSeconds().map(Duration::ofSeconds).orElse(null));
        ledger.repositories.merge(
                observed.getRepository(), seen, (known, given) -> given.at().isBefore(known.at()) ? known : given);
    }

    /** Such as {@code FULL+DIFF}, as validators write it: labels end with the kind of their set. */
    private static String shapeOf(List<String> references, String label) {
        return Stream.concat(references.stream(), Stream.of(label))
                .map(name -> switch (name.charAt(name.length() - 1)) {
                    case 'D' -> "DIFF";
                    case 'I' -> "INCR";
                    default -> "FULL";
                })
                .collect(Collectors.joining("+"));
    }
}
