package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.TargetReached;
import dev.holdfast.events.Verdict;
import dev.holdfast.scheduler.stanza.Ledger.Inconclusive;
import dev.holdfast.scheduler.stanza.Ledger.KnownBackup;
import dev.holdfast.scheduler.stanza.Ledger.Proof;
import dev.holdfast.scheduler.stanza.Ledger.SeenRepository;
import dev.holdfast.scheduler.stanza.Ledger.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes in what there is: good backups, passed proofs, and what the repositories were seen to hold. */
final class Inventory {

    /** So many tests in a row that could not tell are a breach of the proof age. */
    static final int INCONCLUSIVE_KEPT = 3;

    private Inventory() {}

    static void completed(Ledger ledger, BackupCompleted completed) {
        if (completed.getStatus() == BackupStatus.COMPLETE) {
            ledger.remember(new KnownBackup(
                    completed.getLabel(),
                    completed.getRepository(),
                    completed.getEffectiveType(),
                    shapeOf(completed.getReferences(), completed.getLabel()),
                    completed.getFinishedAt()));
        }
    }

    static void discovered(Ledger ledger, BackupDiscovered discovered) {
        if (discovered.getStatus() == BackupStatus.COMPLETE) {
            ledger.remember(new KnownBackup(
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
