package dev.holdfast.scheduler.web;

/** An Idempotency-Key comes with something else than the first time. */
final class KeyReusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyReusedException(String key) {
        super("Idempotency-Key '%s' was used for another request before; take a new key, or send the same body"
                .formatted(key));
    }
}
