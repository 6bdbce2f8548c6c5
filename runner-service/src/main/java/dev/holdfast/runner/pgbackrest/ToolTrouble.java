package dev.holdfast.runner.pgbackrest;

/** pgBackRest could not be run, or answered what nobody can read. Says nothing about any backup. */
public final class ToolTrouble extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was found. */
    public ToolTrouble(String message) {
        super(message);
    }

    /** With what was found, and why. */
    public ToolTrouble(String message, Throwable cause) {
        super(message, cause);
    }
}
