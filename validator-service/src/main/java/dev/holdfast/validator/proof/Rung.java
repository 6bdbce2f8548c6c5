package dev.holdfast.validator.proof;

/** How far a proof got. Each rung includes those before it and is claimed only if its own check ran and passed. */
public enum Rung {
    /** Nothing is known. */
    NONE,
    /** pgBackRest answered without an error. */
    EXIT_CODE,
    /** The repository lists the backup as complete. */
    INFO,
    /** Every file of the set has its checksum, and the WAL for the target is complete. */
    VERIFY,
    /** The set was restored. */
    RESTORED,
    /** PostgreSQL recovered and takes connections. */
    STARTED,
    /** Recovery ended at the point asked for. */
    TARGET_REACHED,
    /** Dump, amcheck, page checksums and a query of each database found all well. */
    CONTENT_CHECKED,
    /** Recovery stopped at a restore point whose position is known from production: all before it is there, nothing after. */
    BOUNDARY_PROVEN
}
