package dev.holdfast.validator.proof;

import java.util.List;

/**
 * What looks like damage, looked at again: retention may have taken the backup while it was tested, or the repository may be
 * gone. Neither says that the backup was damaged.
 */
final class SecondLook {

    private final BackupEngine backups;
    private final Sandbox sandbox;
    private final TestOrder order;

    SecondLook(BackupEngine backups, Sandbox sandbox, TestOrder order) {
        this.backups = backups;
        this.sandbox = sandbox;
        this.order = order;
    }

    /** The conclusion that stands. */
    Conclusion at(Backup backup, Conclusion found) {
        return dependsOnRepository(found.reason()) ? lookAgain(backup, found) : found;
    }

    private static boolean dependsOnRepository(Reason reason) {
        return switch (reason) {
            case WAL_GAP, WAL_DAMAGED, BACKUP_DAMAGED, START_FAILED, TARGET_NOT_REACHED -> true;
            default -> false;
        };
    }

    private Conclusion lookAgain(Backup backup, Conclusion found) {
        try {
            List<String> listed = backups.list(sandbox, order).backups().stream()
                    .map(Backup::label)
                    .toList();
            return listed.contains(backup.label())
                    ? found
                    : new Conclusion(Reason.EXPIRED, MissingBackup.expired(order, backup.label()));
        } catch (ProofStopped e) {
            return unreadable(e.conclusion());
        }
    }

    private Conclusion unreadable(Conclusion now) {
        return now.reason() == Reason.CONFIGURATION
                ? new Conclusion(
                        Reason.REPOSITORY_UNREACHABLE,
                        "the repository of stanza %s could be read when the test began and cannot be read any more: %s"
                                .formatted(order.stanza(), now.message()))
                : now;
    }
}
