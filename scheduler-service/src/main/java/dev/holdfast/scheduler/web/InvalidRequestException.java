package dev.holdfast.scheduler.web;

import java.util.List;
import java.util.Map;

/** A request that can't become an event, with everything that is wrong with it. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Map<String, String>> errors;

    InvalidRequestException(List<Map<String, String>> errors) {
        super(String.join(
                "; ",
                errors.stream()
                        .map(error -> error.get("field") + ": " + error.get("message"))
                        .toList()));
        this.errors = List.copyOf(errors);
    }

    List<Map<String, String>> errors() {
        return errors;
    }
}
