package dev.holdfast.validator.proof;

import java.util.Optional;

/** What a sandbox ran out of: a program that lacks it fails in ways that look like damage. */
enum Shortage {
    MEMORY(Reason.MEMORY, "the sandbox ran out of memory during %s; raise HOLDFAST_SANDBOX_MEMORY: %s"),
    SPACE(
            Reason.SPACE,
            "the sandbox ran out of disk or of inodes during %s; free some where the container engine keeps its volumes ('df' and 'df -i' tell which): %s");

    private final Reason reason;
    private final String words;

    Shortage(Reason reason, String words) {
        this.reason = reason;
        this.words = words;
    }

    /** What it ran out of; empty if neither. */
    static Optional<Shortage> in(Sandbox sandbox, DatabaseEngine database) {
        if (database.ranOutOfMemory(sandbox)) {
            return Optional.of(MEMORY);
        }
        return database.ranOutOfSpace(sandbox) ? Optional.of(SPACE) : Optional.empty();
    }

    /**
     * The end of the test that it means.
     *
     * @param step what was done meanwhile
     * @param detail what failed
     */
    Conclusion during(String step, String detail) {
        return new Conclusion(reason, words.formatted(step, detail));
    }
}
