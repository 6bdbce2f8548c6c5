package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.ProofCoverageObserved;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells how much of what a stanza keeps has been proven lately: after every passed proof, and once a day. Says nothing
 * about a stanza whose repository nobody has looked into.
 */
final class CoverageWatch {

    /** For how many days a proof counts. */
    static final int DAYS = 30;

    private static final Duration AT_LEAST_EVERY = Duration.ofDays(1);

    private final Facts facts;

    CoverageWatch(Facts facts) {
        this.facts = facts;
    }

    /**
     * What is proven of what is retained.
     *
     * @param retained backups
     * @param proven of those
     * @param shapes chain shapes of the retained ones, as far as known
     * @param provenShapes of those
     * @param minutes of the recoverable windows
     * @param provenMinutes of those
     */
    record Coverage(
            int retained,
            int proven,
            List<String> shapes,
            List<String> provenShapes,
            long minutes,
            long provenMinutes) {}

    /** What an earlier life of this scheduler has published. */
    void recall(Ledger ledger, ProofCoverageObserved observed, Instant at) {
        Instant known = ledger.coveredAt;
        ledger.coveredAt = known == null || known.isBefore(at) ? at : known;
    }

    void advance(Ledger ledger, Moment moment) {
        Instant now = moment.now();
        ledger.proofs.values().removeIf(proof -> proof.finishedAt().isBefore(now.minus(Duration.ofDays(DAYS))));
        if (wake(ledger).filter(due -> !due.isAfter(now)).isPresent()) {
            moment.outbox().add(facts.coverage(ledger.stanza, coverage(ledger), now));
            ledger.coveredAt = now;
        }
    }

    /** When it is told next. */
    Optional<Instant> wake(Ledger ledger) {
        if (ledger.repositories.isEmpty()) {
            return Optional.empty();
        }
        Instant covered = ledger.coveredAt;
        Instant proven = ledger.provenAt;
        if (covered == null) {
            return ledger.repositories.values().stream().map(SeenRepository::at).min(Comparator.naturalOrder());
        }
        return Optional.of(proven != null && proven.isAfter(covered) ? proven : covered.plus(AT_LEAST_EVERY));
    }

    private static Coverage coverage(Ledger ledger) {
        Map<String, Optional<String>> retained = retained(ledger);
        TreeSet<String> shapes = new TreeSet<>();
        TreeSet<String> provenShapes = new TreeSet<>();
        int proven = 0;
        for (var backup : retained.entrySet()) {
            Proof proof = ledger.proofs.get(backup.getKey());
            Optional<String> shape = proof == null ? backup.getValue() : Optional.of(proof.shape());
            shape.ifPresent(shapes::add);
            if (proof != null) {
                proven++;
                provenShapes.add(proof.shape());
            }
        }
        List<Window> windows = merged(ledger.repositories.values().stream()
                .flatMap(seen -> seen.windows().stream())
                .toList());
        return new Coverage(
                retained.size(),
                proven,
                List.copyOf(shapes),
                List.copyOf(provenShapes),
                minutes(windows),
                minutes(common(windows, merged(replayed(ledger)))));
    }

    /** The backups that there are, with the shape of their chain where it is known. */
    private static Map<String, Optional<String>> retained(Ledger ledger) {
        Map<String, Optional<String>> retained = new TreeMap<>();
        ledger.repositories.forEach((repository, seen) ->
                seen.labels().forEach(label -> retained.put(Proof.keyOf(label, repository), Optional.empty())));
        for (KnownBackup backup : ledger.backups) {
            String key = Proof.keyOf(backup.label(), backup.repository());
            SeenRepository seen = ledger.repositories.get(backup.repository());
            // a backup that ended after the last look is there although that look could not see it
            if (retained.containsKey(key) || seen == null || backup.finishedAt().isAfter(seen.at())) {
                retained.put(key, Optional.of(backup.shape()));
            }
        }
        return retained;
    }

    /** The stretches of WAL that proofs have replayed: from the backup's end to the last commit recovered. */
    private static List<Window> replayed(Ledger ledger) {
        return ledger.backups.stream()
                .map(backup -> stretch(backup, ledger.proofs.get(Proof.keyOf(backup.label(), backup.repository()))))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Window> stretch(KnownBackup backup, @Nullable Proof proof) {
        return Optional.ofNullable(proof)
                .map(Proof::reached)
                .filter(reached -> reached.isAfter(backup.finishedAt()))
                .map(reached -> new Window(backup.finishedAt(), reached));
    }

    /** The same instants in stretches that don't overlap, in order. */
    static List<Window> merged(List<Window> windows) {
        List<Window> merged = new ArrayList<>();
        for (Window window :
                windows.stream().sorted(Comparator.comparing(Window::from)).toList()) {
            Window last = merged.isEmpty() ? null : merged.getLast();
            if (last == null || window.from().isAfter(last.to())) {
                merged.add(window);
            } else if (window.to().isAfter(last.to())) {
                merged.set(merged.size() - 1, new Window(last.from(), window.to()));
            }
        }
        return merged;
    }

    /** The instants that are in both; each side without overlaps. */
    static List<Window> common(List<Window> one, List<Window> other) {
        return one.stream()
                .flatMap(window -> other.stream().map(covered -> overlap(window, covered)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Window> overlap(Window one, Window other) {
        Instant from = one.from().isAfter(other.from()) ? one.from() : other.from();
        Instant to = one.to().isBefore(other.to()) ? one.to() : other.to();
        return from.isBefore(to) ? Optional.of(new Window(from, to)) : Optional.empty();
    }

    private static long minutes(List<Window> windows) {
        return windows.stream()
                .map(window -> Duration.between(window.from(), window.to()))
                .reduce(Duration.ZERO, Duration::plus)
                .toMinutes();
    }
}
