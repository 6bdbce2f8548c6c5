package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.Optional;

/** What earlier events say of a stanza's backups. */
public interface ProvenBefore {

    /** When a backup last passed; empty if it never did, as far as the log is remembered. */
    Optional<Instant> lastPassed(String stanza, String label);

    /** Where a restore point lies, as production announced it; empty if nobody did. */
    Optional<Lsn> restorePoint(String stanza, String name);
}
