package dev.holdfast.validator.proof;

import java.util.List;
import java.util.Optional;

/**
 * What the backup program's own verification said, read as text: its exit status says nothing.
 *
 * @param unread why it could not run to its end; empty if it did
 * @param sets what it said of each set that it saw
 * @param archives complaints about WAL, such as {@code 15-1: other: 1}
 */
public record Verification(Optional<String> unread, List<SetStatus> sets, List<String> archives) {

    /**
     * What it said of one set.
     *
     * @param label the backup
     * @param status such as valid, invalid, manifest missing
     * @param counts what it counted, such as {@code missing: 1}; empty where it counted no fault
     */
    public record SetStatus(String label, String status, String counts) {}

    /** Copies the lists. */
    public Verification {
        sets = List.copyOf(sets);
        archives = List.copyOf(archives);
    }

    /** One that could not run. */
    public static Verification unread(String why) {
        return new Verification(Optional.of(why), List.of(), List.of());
    }
}
