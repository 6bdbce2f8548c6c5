package dev.holdfast.catalog.asking;

/** The log has not taken a request. Trying again is safe: it has the same identity. */
public final class NotTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what happened. */
    public NotTakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
