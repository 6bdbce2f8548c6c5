package dev.holdfast.catalog.history;

/** The database does not answer, or ended the connection. Trying again can help. */
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An exception with what was being done and what came of it. */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
