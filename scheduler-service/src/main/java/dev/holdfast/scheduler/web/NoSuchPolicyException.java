package dev.holdfast.scheduler.web;

/** No policy of the stanza is in force. */
final class NoSuchPolicyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchPolicyException(String stanza) {
        super("no policy of stanza '%s' is in force; apply one with PUT /api/v1/policies/%s".formatted(stanza, stanza));
    }
}
