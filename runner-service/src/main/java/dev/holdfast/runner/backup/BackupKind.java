package dev.holdfast.runner.backup;

import java.util.Locale;

/** pgBackRest's three kinds of backup. */
public enum BackupKind {
    FULL,
    DIFF,
    INCR;

    /** As pgBackRest writes it: {@code full}, {@code diff}, {@code incr}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind that pgBackRest calls so.
     *
     * @throws IllegalArgumentException if pgBackRest has no such kind
     */
    public static BackupKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
