package dev.holdfast.catalog.answers;

/** What was asked cannot be answered as asked; the message says what was found and what was expected. */
public final class BadQuestionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An exception for the asker. */
    public BadQuestionException(String message) {
        super(message);
    }

    /** The same with what revealed it. */
    public BadQuestionException(String message, Throwable cause) {
        super(message, cause);
    }
}
