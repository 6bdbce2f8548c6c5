package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What earlier events say of a stanza's backups. */
public interface ProvenBefore {

    /**
     * A test that passed.
     *
     * @param label the backup that was tested
     * @param at when
     */
    record Passed(String label, Instant at) {}

    /** When a backup last passed; empty if it never did, as far as the log is remembered. */
    Optional<Instant> lastPassed(String stanza, String label);

    /** The last test of the stanza that passed, of whatever backup; empty if none is remembered. */
    Optional<Passed> lastPassed(String stanza);

    /** What the last passed proof of the stanza found in its cluster; empty if none is remembered. */
    Optional<EarlierInventory> inventory(String stanza);

    /** When pgBackRest's own verification of the repository last ran to its end in a test; empty if it never did. */
    Optional<Instant> lastVerified(String stanza, int repository);

    /** The restore points that production announced, in no order. */
    List<Marker> markers(String stanza);

    /** Where a restore point lies, as production announced it; empty if nobody did. */
    Optional<Lsn> restorePoint(String stanza, String name);
}
