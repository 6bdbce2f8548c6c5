package dev.holdfast.catalog.answers;

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
 * Whether a stanza needs somebody.
 *
 * @param level how badly
 * @param reasons why, the worst first; empty where all is well
 */
public record Health(Level level, List<Reason> reasons) {

    /** A runner announces itself every half minute and looks at its repositories every ten: twice or more of that is silence. */
    private static final Duration SILENT = Duration.ofMinutes(5);

    private static final Duration LOOK_OVERDUE = Duration.ofMinutes(30);
    private static final Duration MISSING_IS_NEWS = Duration.ofDays(7);
    private static final Map<String, String> OBJECTIVES =
            Map.of("backupAge", "Backup age", "proofAge", "Proof age", "rpo", "RPO", "rto", "RTO");

    /** How badly somebody is needed, the worst first. */
    public enum Level {
        /** A promise is broken, or a restore would not work. */
        TROUBLE,
        /** Nothing is broken, but something is not known to be good. */
        ATTENTION,
        /** There is a good backup, it is proven, and every promise is kept. */
        GOOD
    }

    /**
     * One reason.
     *
     * @param text for people
     * @param since since when, or when it was noticed; null where that says nothing
     */
    public record Reason(String text, @Nullable Instant since) {}

    /** Copies the reasons. */
    public Health {
        reasons = List.copyOf(reasons);
    }

    /**
     * Judges a stanza by what the catalog knows of it. Not knowing is never good.
     *
     * @param now by which silence is judged
     */
    public static Health of(Stanza stanza, Instant now) {
        List<Reason> trouble = trouble(stanza, now);
        List<Reason> attention = attention(stanza, now);
        List<Reason> reasons = new ArrayList<>(trouble);
        reasons.addAll(attention);
        Level level = attention.isEmpty() ? Level.GOOD : Level.ATTENTION;
        return new Health(trouble.isEmpty() ? level : Level.TROUBLE, reasons);
    }

    private static List<Reason> trouble(Stanza stanza, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        Stanza.LastBackup backup = stanza.lastBackup();
        if (backup == null) {
            reasons.add(new Reason("There is no backup.", null));
        } else if (!backup.status().equals("COMPLETE")) {
            reasons.add(new Reason("The newest backup holds damaged pages.", backup.finishedAt()));
        }
        Proof proof = stanza.lastProof();
        if (proof != null && proof.verdict().equals("FAILED")) {
            reasons.add(new Reason(
                    "The last restore test failed: %s does not restore."
                            .formatted(proof.label() == null ? "the backup" : proof.label()),
                    proof.at()));
        }
        stanza.missing().stream()
                .filter(gone -> gone.noticedAt().plus(MISSING_IS_NEWS).isAfter(now))
                .map(gone -> new Reason(
                        "Backup %s is gone from repository %d; no expiry removed it."
                                .formatted(gone.label(), gone.repository()),
                        gone.noticedAt()))
                .forEach(reasons::add);
        stanza.repositories().forEach(repository -> reasons.addAll(trouble(repository)));
        failingArchiver(stanza).ifPresent(reasons::add);
        stanza.objectives().stream()
                .filter(objective -> !objective.met())
                .map(Health::broken)
                .forEach(reasons::add);
        return reasons;
    }

    private static Reason broken(Stanza.Objective objective) {
        String name = OBJECTIVES.getOrDefault(objective.name(), objective.name());
        String why = objective.detail().isEmpty() ? "the promise is not kept" : objective.detail();
        return new Reason("%s: %s.".formatted(name, why), objective.since());
    }

    private static List<Reason> trouble(Stanza.Repository repository) {
        List<Reason> reasons = new ArrayList<>();
        if (!repository.ok()) {
            reasons.add(new Reason(
                    "Repository %d: %s.".formatted(repository.repository(), repository.status()),
                    repository.observedAt()));
        }
        if (!repository.gaps().isEmpty()) {
            long missing =
                    repository.gaps().stream().mapToLong(Stanza.Gap::segments).sum();
            reasons.add(new Reason(
                    "Repository %d misses %d WAL segment%s."
                            .formatted(repository.repository(), missing, missing == 1 ? "" : "s"),
                    repository.observedAt()));
        }
        if (!repository.foreignTimelines().isEmpty()) {
            reasons.add(new Reason(
                    "Repository %d holds WAL of timelines that production never had: %s."
                            .formatted(repository.repository(), repository.foreignTimelines()),
                    repository.observedAt()));
        }
        return reasons;
    }

    /** The cluster archives into all of its repositories at once, so one of them is enough to say so. */
    private static Optional<Reason> failingArchiver(Stanza stanza) {
        return stanza.repositories().stream()
                .map(Stanza.Repository::archiver)
                .filter(Objects::nonNull)
                .filter(Stanza.Archiver::failing)
                .findFirst()
                .map(archiver -> new Reason(
                        "PostgreSQL cannot archive WAL segment %s: its archive_command fails, and WAL piles up on the database's disk."
                                .formatted(archiver.lastFailed()),
                        archiver.lastArchivedAt()));
    }

    private static List<Reason> attention(Stanza stanza, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        Stanza.FailedRequest failure = stanza.lastFailure();
        if (failure != null) {
            reasons.add(new Reason("The last backup request came to nothing: " + failure.message(), failure.at()));
        }
        unproven(stanza).ifPresent(reasons::add);
        silentRunner(stanza, now).ifPresent(reasons::add);
        Instant looked = stanza.observedAt();
        if (looked != null && looked.plus(LOOK_OVERDUE).isBefore(now)) {
            reasons.add(new Reason("Nobody has looked at the repository lately.", looked));
        }
        return reasons;
    }

    private static Optional<Reason> unproven(Stanza stanza) {
        Stanza.LastBackup backup = stanza.lastBackup();
        Proof proof = stanza.lastProof();
        if (backup == null || (proof != null && proof.verdict().equals("FAILED"))) {
            return Optional.empty();
        }
        if (proof == null || !proof.verdict().equals("PASSED")) {
            return Optional.of(new Reason("No restore has proven a backup yet.", null));
        }
        return backup.proof() == null && !promisesProofInTime(stanza)
                ? Optional.of(new Reason("The newest backup is not proven yet.", backup.finishedAt()))
                : Optional.empty();
    }

    /** Where a promise says how old a proof may be, and is kept, not every single backup needs one. */
    private static boolean promisesProofInTime(Stanza stanza) {
        return stanza.objectives().stream()
                .anyMatch(objective -> objective.name().equals("proofAge") && objective.met());
    }

    private static Optional<Reason> silentRunner(Stanza stanza, Instant now) {
        Optional<Instant> heard = stanza.servedBy().stream()
                .filter(server -> server.service().equals("runner"))
                .map(Stanza.Server::announcedAt)
                .max(Comparator.naturalOrder());
        if (heard.isEmpty()) {
            return Optional.of(new Reason("No runner has announced that it serves this stanza.", null));
        }
        return heard.filter(at -> at.plus(SILENT).isBefore(now))
                .map(at -> new Reason("The runner is silent: nobody would run a backup now.", at));
    }
}
