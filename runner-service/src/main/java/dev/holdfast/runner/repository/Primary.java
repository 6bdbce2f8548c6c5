package dev.holdfast.runner.repository;

import java.util.Optional;

/** The running cluster of a stanza. Where it cannot be reached the answers are empty: backups do not depend on them. */
public interface Primary {

    /** What it says of itself. */
    Production production(String stanza);

    /** Its system identifier, decimal. */
    Optional<String> systemId(String stanza);

    /** Writes a restore point and switches the WAL segment, so that it gets archived. */
    Optional<RestorePoint> createRestorePoint(String stanza, String name);

    /** True if a session of a running backup shows. */
    boolean showsRunningBackup(String stanza);
}
