package dev.holdfast.validator.proof;

/**
 * The end of a test.
 *
 * @param reason why, for programs; the verdict follows from it
 * @param message why, for the DBA who reads it: what was found, what was expected, what to do
 */
public record Conclusion(Reason reason, String message) {

    /** What the test says of the backup. */
    public Verdict verdict() {
        return reason.verdict();
    }
}
