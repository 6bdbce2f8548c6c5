package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Category;
import java.util.Arrays;
import java.util.Optional;

/** What the operating system refused, where pgBackRest's message quotes it: it says more than pgBackRest's own error. */
enum SystemError {
    /** EACCES: somebody else owns the path, or its mode is too strict. */
    PERMISSION(
            "Permission denied",
            Category.CONFIGURATION,
            "The path in the message belongs to another user, or its mode keeps the runner out: often something was run as root. Find what is not its own (find REPOSITORY ! -user postgres) and give it back: chown -R postgres:postgres REPOSITORY."),
    /** ENOSPC. */
    FULL(
            "[28] No space left on device",
            Category.STORAGE,
            "The disk under the path in the message is full. Lower repoN-retention-full and run pgbackrest expire, or enlarge it. Never remove files from a repository or from pg_wal by hand."),
    /** EROFS: often the kernel's answer to errors of the disk. */
    READ_ONLY(
            "[30] Read-only file system",
            Category.STORAGE,
            "The file system under the path in the message is mounted read-only. If nobody did that, the kernel did after an error: look at dmesg and at the disk, then mount it writable again."),
    /** EDQUOT. */
    QUOTA(
            "[122] Disk quota exceeded",
            Category.STORAGE,
            "The quota of the user or project under the path in the message is used up. Raise it, or lower repoN-retention-full and run pgbackrest expire."),
    /** EIO. */
    BROKEN(
            "[5] Input/output error",
            Category.STORAGE,
            "The disk or network storage under the path in the message answers with errors. Look at dmesg; do not trust what lies there before pgbackrest verify has read it.");

    private final String words;
    private final Category category;
    private final String hint;

    SystemError(String words, Category category, String hint) {
        this.words = words;
        this.category = category;
        this.hint = hint;
    }

    /** Who has to act. */
    Category category() {
        return category;
    }

    /** What to do. */
    String hint() {
        return hint;
    }

    /** The error that a message quotes; empty if it quotes none. */
    static Optional<SystemError> quotedIn(String message) {
        return Arrays.stream(values())
                .filter(error -> message.contains(error.words))
                .findFirst();
    }
}
