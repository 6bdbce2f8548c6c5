package dev.holdfast.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;

/** The registry answered, and said no. */
final class RegistryRefusal extends SerializationException {

    private final int status;

    /**
     * @param status HTTP status, 300 to 499
     * @param message what was asked and what it said
     */
    RegistryRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    boolean isNotFound() {
        return status == 404;
    }

    boolean isConflict() {
        return status == 409;
    }
}
