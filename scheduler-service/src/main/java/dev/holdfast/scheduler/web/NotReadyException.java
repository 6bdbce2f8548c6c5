package dev.holdfast.scheduler.web;

/** The answer is not known yet. Trying again helps. */
final class NotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
        super(message);
    }
}
