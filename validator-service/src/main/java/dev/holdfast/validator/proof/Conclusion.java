package dev.holdfast.validator.proof;

/**
 * The end of a test.
 *
 * @param reason why, for programs; the verdict follows from it
 * @param message why, for the DBA who reads it: what was found, what was expected, what to do
 * @param spoiled what of the archive was found to be of no use, to other backups either
 */
public record Conclusion(Reason reason, String message, SpoiledWal spoiled) {

    /** One that found no damage in the archive. */
    public Conclusion(Reason reason, String message) {
        this(reason, message, SpoiledWal.NONE);
    }

    /** What the test says of the backup. */
    public Verdict verdict() {
        return reason.verdict();
    }
}
