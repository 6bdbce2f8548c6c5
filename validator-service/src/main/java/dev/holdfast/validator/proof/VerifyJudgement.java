package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the backup program's own verification means, set by set, beside the list of backups.
 *
 * @param check the check: damage anywhere in the repository fails it
 * @param conclusion the end of the test that it calls for: damage elsewhere says nothing of the backup that was tested
 */
record VerifyJudgement(Check check, Optional<Conclusion> conclusion) {

    private static final int NAMED = 6;
    private static final String VALID = "valid";
    private static final String IN_PROGRESS = "in-progress";

    /**
     * Judges.
     *
     * @param listed labels that were listed before it ran and still are: a set that has vanished it passes over in silence
     * @param chain the backups that were restored
     */
    static VerifyJudgement of(Verification found, Set<String> listed, List<String> chain, Duration took) {
        if (found.unread().isPresent()) {
            return new VerifyJudgement(Check.notRun(Check.VERIFY, found.unread().get()), Optional.empty());
        }
        Map<String, String> faults = faults(found, listed);
        List<String> all = new ArrayList<>(faults.values());
        found.archives().stream().map("WAL of archive "::concat).forEach(all::add);
        Check check = all.isEmpty()
                ? Check.passed(
                        Check.VERIFY, took, "all %d listed backups and the archive are valid".formatted(listed.size()))
                : Check.failed(Check.VERIFY, took, Lines.some(all, NAMED));
        return new VerifyJudgement(
                check,
                chain.stream()
                        .filter(faults::containsKey)
                        .findFirst()
                        .map(label -> new Conclusion(
                                Reason.BACKUP_DAMAGED,
                                "it restored, and pgBackRest's verify finds it damaged: " + faults.get(label))));
    }

    /** What is wrong with each set, by label. */
    private static Map<String, String> faults(Verification found, Set<String> listed) {
        Map<String, String> faults = new TreeMap<>();
        listed.forEach(label -> faults.put(label, "backup %s is listed and was not looked at".formatted(label)));
        for (Verification.SetStatus set : found.sets()) {
            if (set.status().equals(VALID) || set.status().equals(IN_PROGRESS)) {
                faults.remove(set.label());
            } else {
                String counts = set.counts().isEmpty() ? "" : " (%s)".formatted(set.counts());
                faults.put(set.label(), "backup %s is %s%s".formatted(set.label(), set.status(), counts));
            }
        }
        return faults;
    }
}
