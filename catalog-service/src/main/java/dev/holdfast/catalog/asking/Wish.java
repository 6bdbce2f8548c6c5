package dev.holdfast.catalog.asking;

import org.jspecify.annotations.Nullable;

/** What somebody asks for. */
public sealed interface Wish {

    /** Of which stanza. */
    String stanza();

    /** Why, in the asker's words; may be empty. */
    String reason();

    /**
     * A backup, now.
     *
     * @param stanza its name, known to be valid
     * @param kind how much is copied
     * @param proven true if it shall be proven by a restore when it is complete
     * @param reason why
     */
    record Backup(String stanza, Kind kind, boolean proven, String reason) implements Wish {}

    /** The three kinds of backup. */
    enum Kind {
        FULL,
        DIFF,
        INCR
    }

    /**
     * A proof, now.
     *
     * @param stanza its name, known to be valid
     * @param label which backup; null for the newest
     * @param repository where it lies; null where that is not said
     * @param aim how far the restore shall go
     * @param reason why
     */
    record Proof(
            String stanza, @Nullable String label, @Nullable Integer repository, Aim aim, String reason)
            implements Wish {}

    /** How far a restore goes. */
    enum Aim {
        /** To the end of the backup. */
        BACKUP_END,
        /** To the end of the archive. */
        LATEST
    }
}
