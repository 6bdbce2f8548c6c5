package dev.holdfast.validator.proof;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/** Tells a backup that retention took away from one that never was. */
final class MissingBackup {

    private final BackupEngine backups;
    private final ProvenBefore before;
    private final Sandbox sandbox;
    private final TestOrder order;

    MissingBackup(BackupEngine backups, ProvenBefore before, Sandbox sandbox, TestOrder order) {
        this.backups = backups;
        this.before = before;
        this.sandbox = sandbox;
        this.order = order;
    }

    /** Why the label asked for is not listed. */
    ProofStopped conclude(BackupEngine.Listing listing) {
        String label = order.label().orElseThrow();
        if (backups.holds(sandbox, order)) {
            return new ProofStopped(Reason.REPOSITORY_DAMAGED, unlisted(order, label));
        }
        SortedSet<String> remembered = backups.remembered(sandbox, order);
        if (remembered.contains(label)
                || before.lastPassed(order.stanza(), label).isPresent()) {
            return new ProofStopped(Reason.EXPIRED, expired(order, label));
        }
        if (precedes(label, remembered) && precedes(label, labels(listing))) {
            return new ProofStopped(
                    Reason.EXPIRED,
                    "backup %s of stanza %s is older than all that the repository remembers: retention removed it, if it ever was there. Test a newer one, or keep more."
                            .formatted(label, order.stanza()));
        }
        return new ProofStopped(
                Reason.UNKNOWN_BACKUP,
                "stanza %s has no backup %s and none of that label expired; it lists %s"
                        .formatted(order.stanza(), label, labels(listing)));
    }

    /** The history may itself have an end: what is older than all of it cannot be told from what never was. */
    private static boolean precedes(String label, Collection<String> labels) {
        return labels.stream().allMatch(other -> label.compareTo(other) < 0);
    }

    private static List<String> labels(BackupEngine.Listing listing) {
        return listing.backups().stream().map(Backup::label).toList();
    }

    /** Retention takes a backup's manifest away before the backup from the list: this one was lost from the list alone. */
    private static String unlisted(TestOrder order, String label) {
        return "the list of backups (backup.info) of stanza %s has lost backup %s, whose manifest lies in the repository: nobody can choose it for a restore. pgBackRest's next backup or 'pgbackrest --stanza=%s expire' lists it again; then test it anew."
                .formatted(order.stanza(), label, order.stanza());
    }

    /** What is told of a backup that retention removed. */
    static String expired(TestOrder order, String label) {
        return "backup %s of stanza %s is not in the repository any more: retention removed it. Test a newer one, or keep more."
                .formatted(label, order.stanza());
    }
}
