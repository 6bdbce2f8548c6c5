package dev.holdfast.catalog.web;

/** As much of that goes on already as may at once; asked again later, it will be answered. */
final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message);
    }
}
