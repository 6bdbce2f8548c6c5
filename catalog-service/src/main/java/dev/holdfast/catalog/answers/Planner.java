package dev.holdfast.catalog.answers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Answers what can be restored, from windows that were observed, backups that are there and proofs that were made. It
 * knows no more than they do: what nobody has observed is not feasible.
 */
public final class Planner {

    private static final int LOOKED_AT = 200;

    /** The newest backup that had ended by then is nearly always among the first few; only else are so many more looked at. */
    private static final List<Integer> AT_A_TIME = List.of(10, LOOKED_AT - 10);

    /** How long after a backup's end the first instant lies that it can be rolled forward to: pgBackRest tells ends in seconds. */
    private static final Duration SOONEST = Duration.ofSeconds(1);

    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.95;

    private final Catalog catalog;
    private final Clock clock;

    /** A planner over this catalog. */
    public Planner(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Whether the stanza can be restored to the instant; empty if nothing names the stanza. */
    public Optional<Answer<Recoverability>> recoverability(String stanza, Instant at) {
        return catalog.stanza(stanza).map(known -> new Answer<>(plan(known.item(), at), known.asOf()));
    }

    /** What would be lost if the primary vanished now; empty if nothing names the stanza. */
    public Optional<Answer<Exposure>> exposure(String stanza) {
        return catalog.stanza(stanza).map(known -> new Answer<>(exposure(known.item()), known.asOf()));
    }

    private Recoverability plan(Stanza stanza, Instant at) {
        if (at.isAfter(clock.instant())) {
            return Recoverability.infeasible(stanza.stanza(), at, "that instant is in the future");
        }
        return stanza.window().stream()
                .filter(span -> !at.isBefore(span.from()) && !at.isAfter(span.to()))
                .map(span -> plan(stanza, span, at))
                .min(Comparator.comparing(Recoverability::answer).reversed())
                .orElseGet(() -> Recoverability.infeasible(stanza.stanza(), at, outside(stanza, at)));
    }

    private static String outside(Stanza stanza, Instant at) {
        if (stanza.window().isEmpty()) {
            return stanza.observedAt() == null
                    ? "no runner has looked at the repository yet, so nothing is known to be recoverable"
                    : "the repository holds nothing that can be restored to an instant";
        }
        Instant first = stanza.window().stream()
                .map(Stanza.Span::from)
                .min(Instant::compareTo)
                .orElseThrow();
        Instant last = stanza.window().stream()
                .map(Stanza.Span::to)
                .max(Instant::compareTo)
                .orElseThrow();
        if (at.isBefore(first)) {
            return "that is before the earliest recoverable instant, %s".formatted(seconds(first));
        }
        if (at.isAfter(last)) {
            return "that is after the last archived WAL, which reaches to %s (looked at %s)"
                    .formatted(seconds(last), stanza.observedAt() == null ? "never" : seconds(stanza.observedAt()));
        }
        return "that lies in a gap of the archive between two recoverable windows" + gaps(stanza);
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String gaps(Stanza stanza) {
        List<String> missing = stanza.repositories().stream()
                .flatMap(repository -> repository.gaps().stream())
                .map(gap -> "%s to %s".formatted(gap.first(), gap.last()))
                .toList();
        return missing.isEmpty() ? "" : ": missing " + String.join(", ", missing);
    }

    /** The newest backup of the span that had ended before the instant and whose restore has not failed. */
    private Recoverability plan(Stanza stanza, Stanza.Span span, Instant at) {
        boolean hasEnded = false;
        String cursor = null;
        for (int some : AT_A_TIME) {
            Page<Backup> page = catalog.backups(
                    new BackupFilter(stanza.stanza(), null, "COMPLETE", null, null, at, null),
                    new PageWish(some, cursor));
            List<Backup> ended = page.items().stream()
                    .filter(backup -> isWithin(backup, span))
                    .filter(backup -> endedBefore(backup, at))
                    .toList();
            Optional<Backup> newest = ended.stream()
                    .filter(backup ->
                            backup.proof() == null || !backup.proof().verdict().equals("FAILED"))
                    .max(Comparator.comparing(backup -> Objects.requireNonNull(backup.finishedAt())));
            if (newest.isPresent()) {
                return plan(stanza, span, newest.get(), at);
            }
            hasEnded |= !ended.isEmpty();
            cursor = page.next();
            if (cursor == null) {
                break;
            }
        }
        return Recoverability.infeasible(
                stanza.stanza(),
                at,
                hasEnded
                        ? "every backup that had ended before that instant failed its restore test"
                        : "no good backup had ended before that instant");
    }

    /** A backup from before a gap cannot be rolled forward over it, whatever lies behind. */
    private static boolean isWithin(Backup backup, Stanza.Span span) {
        if (!Objects.equals(backup.repository(), span.repository())) {
            return false;
        }
        String first = backup.wal().walStart();
        String last = backup.wal().walStop();
        if (first != null && last != null) {
            return first.compareTo(span.walFrom()) >= 0 && last.compareTo(span.walTo()) <= 0;
        }
        Instant end = backup.finishedAt();
        return end != null && !end.plus(SOONEST).isBefore(span.from());
    }

    /** A restore can reach any instant from one second after the backup's end on. */
    private static boolean endedBefore(Backup backup, Instant at) {
        Instant end = backup.finishedAt();
        return end != null && !end.plus(SOONEST).isAfter(at);
    }

    private Recoverability plan(Stanza stanza, Stanza.Span span, Backup backup, Instant at) {
        String label = Objects.requireNonNull(backup.label());
        Optional<Proof> proof =
                catalog.restoreTests(stanza.stanza(), label, "PASSED", PageWish.first(LOOKED_AT)).items().stream()
                        .filter(test -> replayedBeyond(test, at))
                        .findFirst()
                        .flatMap(Planner::proofBy);
        String command = command(stanza.stanza(), span, backup, at);
        return new Recoverability(
                stanza.stanza(),
                at,
                proof.isPresent() ? Recoverability.Verdict.PROVEN : Recoverability.Verdict.FEASIBLE,
                proof.isPresent()
                        ? "a restore test has replayed this backup beyond that instant"
                        : "backup %s and the WAL after it are in repository %d; no restore test has gone there yet"
                                .formatted(label, span.repository()),
                backup,
                backup.wal().walStart() == null ? span.walFrom() : backup.wal().walStart(),
                span.walTo(),
                List.of(command),
                Procedure.of(stanza.stanza(), command, at),
                estimate(catalog.secondsUntilReady(stanza.stanza(), LOOKED_AT)),
                proof.orElse(null));
    }

    private static boolean replayedBeyond(RestoreTest test, Instant at) {
        JsonNode reached = test.reached();
        if (reached == null || !reached.path("lastCommitAt").isString()) {
            return false;
        }
        return !Instant.parse(reached.path("lastCommitAt").asString()).isBefore(at);
    }

    private static Optional<Proof> proofBy(RestoreTest test) {
        Instant end = test.timings().finishedAt();
        return end == null || test.verdict() == null || test.rung() == null
                ? Optional.empty()
                : Optional.of(new Proof(test.verdict(), test.rung(), test.testId(), end, test.label()));
    }

    private static String command(String stanza, Stanza.Span span, Backup backup, Instant at) {
        return "pgbackrest --stanza=%s --repo=%d --set=%s --type=time \"--target=%s\" --target-timeline=%s --target-action=promote restore"
                .formatted(
                        stanza, span.repository(), backup.label(), Recoverability.asTarget(at), timeline(span, backup));
    }

    /**
     * A number asks for that timeline's history file, which a repository that is younger than the timeline does not have; the
     * backup's own timeline is followed without one (PostgreSQL's manual, recovery_target_timeline).
     */
    private static String timeline(Stanza.Span span, Backup backup) {
        String first = backup.wal().walStart();
        boolean own = first != null && first.startsWith("%08X".formatted(span.timeline()));
        return own ? "current" : String.valueOf(span.timeline());
    }

    private static Recoverability.@Nullable Estimate estimate(List<Double> measured) {
        List<Double> seconds = measured.stream().sorted().toList();
        return seconds.isEmpty()
                ? null
                : new Recoverability.Estimate(
                        at(seconds, HALF),
                        at(seconds, NEARLY_ALL),
                        "%d measured restore%s of this stanza"
                                .formatted(seconds.size(), seconds.size() == 1 ? "" : "s"));
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    private Exposure exposure(Stanza stanza) {
        Optional<Instant> reachable =
                stanza.window().stream().map(Stanza.Span::to).max(Instant::compareTo);
        Instant now = clock.instant();
        return new Exposure(
                stanza.stanza(),
                reachable.orElse(null),
                reachable.map(to -> Duration.between(to, now)).orElse(null),
                stanza.observedAt(),
                reachable.isPresent()
                        ? "from the last archived WAL to now; what has been archived since the last look is not counted"
                        : "not known: no runner has seen a recoverable window");
    }
}
