package dev.holdfast.scheduler.web;

import dev.holdfast.events.Policy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * {@code If-Match} and {@code If-None-Match: *} of the request that is being served: whoever changes a policy can say which
 * version they have seen, so that nobody undoes a change they know nothing of (RFC 9110, section 13).
 */
final class Conditions {

    private static final String ANY = "*";
    private static final int DIGEST_CHARACTERS = 12;

    private final HttpServletRequest current;

    /** Conditions of whichever request the calling thread serves. */
    Conditions(HttpServletRequest current) {
        this.current = current;
    }

    /** The entity tag of a version, quoted. The same on every copy of the scheduler. */
    static String tagOf(Policy policy) {
        return "\"%d-%s\""
                .formatted(
                        policy.getVersion(),
                        policy.getDigest()
                                .substring(
                                        0,
                                        Math.min(
                                                DIGEST_CHARACTERS,
                                                policy.getDigest().length())));
    }

    /**
     * Lets a change through, or not.
     *
     * @param inForce the version that would be changed; empty if none is in force
     * @throws PolicyMovedException if it is not what the request expects
     */
    void check(String stanza, Optional<Policy> inForce) {
        String wanted = current.getHeader(HttpHeaders.IF_MATCH);
        if (wanted != null && !matches(wanted, inForce)) {
            throw new PolicyMovedException(stanza, wanted, inForce.map(Conditions::tagOf));
        }
        if (isAny(current.getHeader(HttpHeaders.IF_NONE_MATCH)) && inForce.isPresent()) {
            throw new PolicyMovedException(stanza, "none", inForce.map(Conditions::tagOf));
        }
    }

    private static boolean matches(String wanted, Optional<Policy> inForce) {
        return inForce.map(Conditions::tagOf)
                .filter(tag -> isAny(wanted)
                        || Arrays.stream(wanted.split(",")).map(String::strip).anyMatch(tag::equals))
                .isPresent();
    }

    private static boolean isAny(@Nullable String header) {
        return header != null && header.strip().equals(ANY);
    }
}
