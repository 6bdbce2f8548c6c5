package dev.holdfast.catalog.history;

/** A value does not fit the database's types. Trying again cannot help; leaving the record out does. */
public final class UnfitRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An exception with the database's words. */
    public UnfitRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
