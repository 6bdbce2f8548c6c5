package dev.holdfast.validator.proof;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a proof finds, as it finds it. Used by one proof; methods are safe for its several threads. */
final class ProofNotes {

    private final Clock clock;
    private final Instant startedAt;
    private final long startNanos = System.nanoTime();
    private final List<Check> checks = new ArrayList<>();
    private final Set<Rung> passed = EnumSet.of(Rung.NONE);
    private Optional<Conclusion> conclusion = Optional.empty();
    private Optional<Backup> backup = Optional.empty();
    private Optional<Reached> reached = Optional.empty();
    private Optional<Duration> fetch = Optional.empty();
    private Optional<Duration> restore = Optional.empty();
    private Optional<Duration> replay = Optional.empty();
    private Optional<Duration> ready = Optional.empty();
    private Optional<String> postgresql = Optional.empty();
    private Optional<String> pgbackrest = Optional.empty();
    private Optional<DataLoss> loss = Optional.empty();
    private Optional<Inventory> inventory = Optional.empty();
    private Optional<String> demands = Optional.empty();
    private Optional<String> manifest = Optional.empty();
    private Optional<String> archive = Optional.empty();
    private @Nullable Sandbox sandbox;
    private Optional<Inside> inside = Optional.empty();
    private List<String> log = List.of();

    ProofNotes(Clock clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Notes how the test ends. The first conclusion stays: what follows a fault is mostly its consequence. */
    synchronized void conclude(Conclusion found) {
        if (conclusion.isEmpty()) {
            conclusion = Optional.of(found);
        }
    }

    /** True if the test's end is known. */
    synchronized boolean isConcluded() {
        return conclusion.isPresent();
    }

    synchronized void check(Check check) {
        checks.add(check);
    }

    synchronized void climb(Rung rung) {
        passed.add(rung);
    }

    synchronized void sandbox(Sandbox opened) {
        sandbox = opened;
    }

    synchronized void inside(Inside seen) {
        inside = Optional.of(seen);
        fetch = Optional.of(sinceStart());
    }

    synchronized void chosen(Backup chosen) {
        backup = Optional.of(chosen);
    }

    synchronized void pgbackrest(String version) {
        pgbackrest = Optional.of(version);
    }

    synchronized void postgresql(String version) {
        postgresql = Optional.of(version);
    }

    Instant startedAt() {
        return startedAt;
    }

    synchronized Optional<DataLoss> loss() {
        return loss;
    }

    /** What failed without failing the test, in words that follow others; empty if nothing did. */
    synchronized String remarks() {
        return checks.stream()
                .filter(check -> check.outcome() == Check.Outcome.FAILED)
                .map(check -> "; besides, %s: %s".formatted(check.name(), check.detail()))
                .collect(Collectors.joining());
    }

    synchronized void loss(Optional<DataLoss> measured) {
        loss = measured;
    }

    synchronized void inventory(Inventory taken) {
        inventory = Optional.of(taken);
    }

    synchronized void demands(Optional<String> source) {
        demands = source;
    }

    synchronized void manifest(Optional<String> digest) {
        manifest = digest;
    }

    synchronized void archive(String digest) {
        archive = Optional.of(digest);
    }

    synchronized void restored(Duration took) {
        restore = Optional.of(took);
    }

    synchronized void replayed(Duration took) {
        replay = Optional.of(took);
        ready = Optional.of(sinceStart());
    }

    synchronized void reached(Reached point) {
        reached = Optional.of(point);
    }

    synchronized void log(List<String> lines) {
        log = lines;
    }

    /** The report; a proof that concluded nothing went wrong unnoticed and passes nothing. */
    synchronized ProofReport report() {
        return new ProofReport(
                conclusion.orElse(new Conclusion(Reason.SANDBOX, "the test ended without a conclusion")),
                rung(),
                backup,
                reached,
                checks,
                startedAt,
                clock.instant(),
                new Timings(fetch, restore, replay, ready),
                new ProofReport.Content(loss, inventory, demands),
                new ProofReport.Versions(postgresql, pgbackrest),
                facts(),
                new ProofReport.Digests(manifest, archive),
                log);
    }

    private Optional<SandboxFacts> facts() {
        return Optional.ofNullable(sandbox)
                .map(used -> new SandboxFacts(
                        used.kind(),
                        used.imageDigest(),
                        used.network(),
                        inside.map(seen -> seen.enforced(used.limits())).orElse(used.limits()),
                        inside));
    }

    /** The highest rung with none missing below it. */
    private Rung rung() {
        Rung highest = Rung.NONE;
        for (Rung rung : Rung.values()) {
            if (!passed.contains(rung)) {
                return highest;
            }
            highest = rung;
        }
        return highest;
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
