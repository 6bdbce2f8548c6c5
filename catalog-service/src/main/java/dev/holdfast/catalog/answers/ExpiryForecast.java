package dev.holdfast.catalog.answers;

import dev.holdfast.catalog.answers.Expiry.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Foretells what retention removes next, from the sets that are there and from what the runner says is configured, by pgBackRest's rules: a full goes with
 * all that builds on it; by time a full goes only once a newer one is old enough.
 */
public final class ExpiryForecast {

    private static final int LOOKED_AT = 500;

    private final Catalog catalog;

    /** A forecast over this catalog. */
    public ExpiryForecast(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What goes next; empty if nothing names the stanza. */
    public Optional<Answer<Expiry>> of(String stanza) {
        return catalog.stanza(stanza).map(known -> new Answer<>(of(known.item()), known.asOf()));
    }

    private Expiry of(Stanza stanza) {
        List<Backup> there =
                catalog.backups(BackupFilter.ofStanza(stanza.stanza()), PageWish.first(LOOKED_AT)).items().stream()
                        .filter(backup ->
                                backup.label() != null && backup.goneAt() == null && backup.finishedAt() != null)
                        .sorted(Comparator.comparing(Backup::finishedAt))
                        .toList();
        return new Expiry(
                stanza.stanza(),
                stanza.repositories().stream()
                        .map(repository -> ofRepository(repository, in(repository, there)))
                        .toList());
    }

    private static List<Backup> in(Stanza.Repository repository, List<Backup> sets) {
        return sets.stream()
                .filter(set -> Objects.equals(set.repository(), repository.repository()))
                .toList();
    }

    static Expiry.OfRepository ofRepository(Stanza.Repository repository, List<Backup> sets) {
        Map<String, String> retention = repository.retention();
        String prefix = "repo" + repository.repository() + "-retention-";
        Optional<Integer> full = number(retention.get(prefix + "full"));
        Optional<Integer> diff = number(retention.get(prefix + "diff"));
        boolean byTime = "time".equals(retention.get(prefix + "full-type"));
        List<Expiry.Next> next = new ArrayList<>();
        full.ifPresent(kept -> next.addAll(byTime ? byTime(sets, kept) : byCount(sets, kept)));
        diff.ifPresent(kept -> next.addAll(diffs(sets, kept)));
        return new Expiry.OfRepository(
                repository.repository(), retention, explanation(full, diff, byTime, !retention.isEmpty()), next);
    }

    private static Optional<Integer> number(@Nullable String setting) {
        return setting != null && setting.matches("[0-9]{1,7}")
                ? Optional.of(Integer.valueOf(setting))
                : Optional.empty();
    }

    private static String explanation(Optional<Integer> full, Optional<Integer> diff, boolean byTime, boolean isTold) {
        if (full.isEmpty() && diff.isEmpty()) {
            return isTold
                    ? "no retention is configured for backups: nothing ever expires, and the repository grows without bound"
                    : "the runner has not said what retention is configured, so nothing can be foretold";
        }
        List<String> parts = new ArrayList<>();
        full.ifPresent(kept -> parts.add(
                byTime
                        ? "full backups of the last %d days are kept, and the one before them".formatted(kept)
                        : "%d full backups are kept".formatted(kept)));
        diff.ifPresent(kept -> parts.add("%d differential backups are kept".formatted(kept)));
        return String.join("; ", parts) + "; whatever builds on a set goes with it";
    }

    private static List<Backup> ofType(List<Backup> sets, String type) {
        return sets.stream().filter(set -> type.equals(set.type())).toList();
    }

    private static List<Expiry.Next> byCount(List<Backup> sets, int kept) {
        List<Backup> fulls = ofType(sets, "FULL");
        int tooMany = fulls.size() - kept;
        if (tooMany > 0) {
            return fulls.subList(0, tooMany).stream()
                    .map(set -> next(set, sets, Trigger.NEXT_EXPIRY, null))
                    .toList();
        }
        return tooMany == 0 && !fulls.isEmpty()
                ? List.of(next(fulls.getFirst(), sets, Trigger.NEXT_FULL, null))
                : List.of();
    }

    /** The full before the oldest one that is old enough; the newest never goes. */
    private static List<Expiry.Next> byTime(List<Backup> sets, int days) {
        List<Backup> fulls = ofType(sets, "FULL");
        List<Expiry.Next> next = new ArrayList<>();
        for (int i = 0; i + 1 < fulls.size(); i++) {
            Instant newer = Objects.requireNonNull(fulls.get(i + 1).finishedAt());
            next.add(next(fulls.get(i), sets, Trigger.AFTER, newer.plus(Duration.ofDays(days))));
        }
        return next;
    }

    private static List<Expiry.Next> diffs(List<Backup> sets, int kept) {
        List<Backup> diffs = ofType(sets, "DIFF");
        int tooMany = diffs.size() - kept;
        if (tooMany > 0) {
            return diffs.subList(0, tooMany).stream()
                    .map(set -> next(set, sets, Trigger.NEXT_EXPIRY, null))
                    .toList();
        }
        return tooMany == 0 && !diffs.isEmpty()
                ? List.of(next(diffs.getFirst(), sets, Trigger.NEXT_DIFF, null))
                : List.of();
    }

    private static Expiry.Next next(Backup set, List<Backup> sets, Trigger trigger, @Nullable Instant after) {
        String label = Objects.requireNonNull(set.label());
        List<Backup> gone = sets.stream()
                .filter(other -> label.equals(other.label()) || isBuiltOn(other, label, sets))
                .toList();
        List<Backup> staying =
                sets.stream().filter(other -> !gone.contains(other)).toList();
        boolean losesLastProof = gone.stream().anyMatch(ExpiryForecast::isProven)
                && staying.stream().noneMatch(ExpiryForecast::isProven);
        return new Expiry.Next(
                label,
                set.type(),
                trigger,
                after,
                gone.stream()
                        .map(other -> Objects.requireNonNull(other.label()))
                        .filter(other -> !other.equals(label))
                        .toList(),
                set.proof(),
                losesLastProof,
                earliest(set, staying));
    }

    private static boolean isProven(Backup set) {
        return set.proof() != null && set.proof().verdict().equals("PASSED");
    }

    private static boolean isBuiltOn(Backup set, String label, List<Backup> sets) {
        String prior = set.chain().prior();
        if (prior == null) {
            return false;
        }
        return prior.equals(label)
                || sets.stream()
                        .filter(other -> prior.equals(other.label()))
                        .anyMatch(other -> isBuiltOn(other, label, sets));
    }

    /** The window shrinks only where the oldest sets go. */
    private static @Nullable Instant earliest(Backup gone, List<Backup> staying) {
        Instant end = Objects.requireNonNull(gone.finishedAt());
        return staying.stream()
                .map(Backup::finishedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(first -> first.isAfter(end) ? first.plusSeconds(1) : null)
                .orElse(null);
    }
}
