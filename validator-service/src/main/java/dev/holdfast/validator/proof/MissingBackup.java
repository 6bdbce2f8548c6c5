package dev.holdfast.validator.proof;

/** Tells a backup that retention took away from one that never was. */
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
            return new ProofStopped(Reason.EXPIRED, expired(order, label));
        }
        return new ProofStopped(
                Reason.UNKNOWN_BACKUP,
                "stanza %s has no backup %s and none of that label expired; it lists %s"
                        .formatted(
                                order.stanza(),
                                label,
                                listing.backups().stream().map(Backup::label).toList()));
    }

    /** What is told of a backup that retention removed. */
    static String expired(TestOrder order, String label) {
        return "backup %s of stanza %s is not in the repository any more: retention removed it. Test a newer one, or keep more."
                .formatted(label, order.stanza());
    }
}
