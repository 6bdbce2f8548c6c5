package dev.holdfast.runner.backup;

/** What the repository says when asked for a request's backup. Not knowing is not absence. */
public sealed interface Lookup {

    /** It is there. */
    record Found(BackupSet set) implements Lookup {}

    /** The repository was read, and it is not there. */
    record Absent() implements Lookup {}

    /** The repository could not be read; {@code reason} says why. */
    record Unknown(String reason) implements Lookup {}
}
