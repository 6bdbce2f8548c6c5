package dev.holdfast.catalog.web;

/** What was asked for is not in the catalog. */
final class NotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message);
    }
}
