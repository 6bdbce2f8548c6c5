package dev.holdfast.validator.proof;

import java.time.Instant;

/** The point that a restore is asked to reach. */
public sealed interface Target {

    /** The first point at which the backup is consistent. */
    record BackupEnd() implements Target {}

    /** The end of the archive as it is when the test starts. */
    record Latest() implements Target {}

    /** The last commit at or before an instant. */
    record Time(Instant instant) implements Target {}

    /** A position in the log, itself included. */
    record AtLsn(Lsn lsn) implements Target {}

    /** A restore point that was given a name while the cluster ran. */
    record Name(String name) implements Target {}

    /** A position that the validator draws between the backup's end and the archive's. */
    record RandomInWindow() implements Target {}
}
