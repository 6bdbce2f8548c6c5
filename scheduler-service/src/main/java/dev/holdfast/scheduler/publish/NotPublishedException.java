package dev.holdfast.scheduler.publish;

/** Kafka did not take an event. Trying again may help, and is safe. */
public final class NotPublishedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotPublishedException(String message, Throwable cause) {
        super(message, cause);
    }
}
