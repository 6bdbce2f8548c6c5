package dev.holdfast.scheduler.web;

import java.util.Optional;

/** Somebody has changed the policy since the caller has seen it. */
final class PolicyMovedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PolicyMovedException(String stanza, String expected, Optional<String> found) {
        super("the policy of stanza '%s' is %s, the request expects %s; GET it, look at the change, and try again"
                .formatted(stanza, found.map(tag -> "at " + tag).orElse("not in force"), expected));
    }
}
