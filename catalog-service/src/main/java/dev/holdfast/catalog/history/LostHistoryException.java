package dev.holdfast.catalog.history;

/** The log does not hold what the catalog has read up to: it was truncated, made anew, or is another one. */
public final class LostHistoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An exception with this message. */
    public LostHistoryException(String message) {
        super(message);
    }
}
