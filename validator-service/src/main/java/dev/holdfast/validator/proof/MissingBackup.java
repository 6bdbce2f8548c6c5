package dev.holdfast.validator.proof;

import java.util.List;

/** Tells a backup that retention took away from one that is damaged and one that never was. */
final class MissingBackup {

    private final BackupEngine backups;
    private final Sandbox sandbox;
    private final TestOrder order;

    MissingBackup(BackupEngine backups, Sandbox sandbox, TestOrder order) {
        this.backups = backups;
        this.sandbox = sandbox;
        this.order = order;
    }

    /** Why the label asked for is not listed. */
    ProofStopped conclude(BackupEngine.Listing listing) {
        String label = order.label().orElseThrow();
        boolean olderThanAll = !listing.backups().isEmpty()
                && label.compareTo(listing.backups().getFirst().label()) < 0;
        if (olderThanAll || backups.remembersExpired(sandbox, order, label)) {
            return expired(label);
        }
        return new ProofStopped(
                Reason.UNKNOWN_BACKUP,
                "stanza %s has no backup %s and none of that label expired; it lists %s"
                        .formatted(
                                order.stanza(),
                                label,
                                listing.backups().stream().map(Backup::label).toList()));
    }

    /**
     * How a restore that gave up ends the test: a file that is missing because retention removes the set meanwhile is no
     * damage.
     */
    ProofStopped judge(Backup backup, Reason reason, String detail) {
        if (reason != Reason.BACKUP_DAMAGED) {
            return new ProofStopped(reason, detail);
        }
        List<String> listed = backups.list(sandbox, order).backups().stream()
                .map(Backup::label)
                .toList();
        return listed.contains(backup.label()) ? new ProofStopped(reason, detail) : expired(backup.label());
    }

    private ProofStopped expired(String label) {
        return new ProofStopped(
                Reason.EXPIRED,
                "backup %s of stanza %s is not in the repository any more: retention removed it. Test a newer one, or keep more."
                        .formatted(label, order.stanza()));
    }
}
