package dev.holdfast.catalog.answers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stanza needs somebody.
 *
 * @param level how badly
 * @param reasons why, the worst first; empty where all is well
 */
public record Health(Level level, List<String> reasons) {

    /** How badly somebody is needed, the worst first. */
    public enum Level {
        /** A promise is broken, or a restore would not work. */
        TROUBLE,
        /** Nothing is broken, but something is not known to be good. */
        ATTENTION,
        /** There is a good backup, it is proven, and every promise is kept. */
        GOOD
    }

    /** Copies the reasons. */
    public Health {
        reasons = List.copyOf(reasons);
    }

    /** Judges a stanza by what the catalog knows of it. Not knowing is never good. */
    public static Health of(Stanza stanza) {
        List<String> trouble = trouble(stanza);
        List<String> attention = attention(stanza);
        List<String> reasons = new ArrayList<>(trouble);
        reasons.addAll(attention);
        Level level = attention.isEmpty() ? Level.GOOD : Level.ATTENTION;
        return new Health(trouble.isEmpty() ? level : Level.TROUBLE, reasons);
    }

    private static List<String> trouble(Stanza stanza) {
        List<String> reasons = new ArrayList<>();
        Stanza.LastBackup backup = stanza.lastBackup();
        if (backup == null) {
            reasons.add("There is no backup.");
        } else if (!backup.status().equals("COMPLETE")) {
            reasons.add("The newest backup holds damaged pages.");
        }
        Proof proof = stanza.lastProof();
        if (proof != null && proof.verdict().equals("FAILED")) {
            reasons.add("The last restore test failed.");
        }
        for (Stanza.Repository repository : stanza.repositories()) {
            reasons.addAll(trouble(repository));
        }
        for (Stanza.Objective objective : stanza.objectives()) {
            if (!objective.met()) {
                reasons.add("Objective %s is not met%s"
                        .formatted(
                                objective.name(),
                                objective.detail().isEmpty() ? "." : ": " + objective.detail() + "."));
            }
        }
        return reasons;
    }

    private static List<String> trouble(Stanza.Repository repository) {
        List<String> reasons = new ArrayList<>();
        if (!repository.ok()) {
            reasons.add("Repository %d: %s.".formatted(repository.repository(), repository.status()));
        }
        if (!repository.gaps().isEmpty()) {
            long missing =
                    repository.gaps().stream().mapToLong(Stanza.Gap::segments).sum();
            reasons.add("Repository %d misses %d WAL segment%s."
                    .formatted(repository.repository(), missing, missing == 1 ? "" : "s"));
        }
        if (!repository.foreignTimelines().isEmpty()) {
            reasons.add("Repository %d holds WAL of timelines that production never had: %s."
                    .formatted(repository.repository(), repository.foreignTimelines()));
        }
        return reasons;
    }

    private static List<String> attention(Stanza stanza) {
        List<String> reasons = new ArrayList<>();
        Stanza.LastBackup backup = stanza.lastBackup();
        Proof proof = stanza.lastProof();
        if (backup != null && (proof == null || !proof.verdict().equals("PASSED")) && isNotFailed(proof)) {
            reasons.add("No restore has proven a backup yet.");
        } else if (backup != null && backup.proof() == null) {
            reasons.add("The newest backup is not proven yet.");
        }
        if (stanza.servedBy().isEmpty()) {
            reasons.add("No runner has announced that it serves this stanza.");
        }
        return reasons;
    }

    private static boolean isNotFailed(@Nullable Proof proof) {
        return proof == null || !proof.verdict().equals("FAILED");
    }
}
