package dev.holdfast.validator.claim;

import dev.holdfast.validator.proof.TestOrder;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A request for a restore test, as it was asked and as it was understood.
 *
 * @param testId identity of the test
 * @param requestId the request that it belongs to
 * @param stanza a stanza that this validator serves
 * @param askedAt when the request was appended to the log
 * @param notAfter the last instant at which the test may start
 * @param wish what is to be done, or why that cannot be understood
 * @param asked the request's own words, to be repeated in events
 */
public record TestRequest(
        UUID testId, UUID requestId, String stanza, Instant askedAt, Instant notAfter, Wish wish, Asked asked) {

    /** What is to be done. */
    public sealed interface Wish {}

    /** A well-formed request. */
    public record Proper(TestOrder order) implements Wish {}

    /** A malformed one; {@code why} says what was found and what was expected. */
    public record Improper(String why) implements Wish {}

    /**
     * The request's own words.
     *
     * @param eventId the request's event
     * @param traceparent its W3C trace, if it has one
     * @param targetKind such as LATEST
     * @param targetValue its value, if it has one
     * @param label the backup, if one was named
     * @param repository the repository, if one was named
     * @param origin why the request exists
     * @param principal who asked
     * @param established how far that name can be trusted
     */
    public record Asked(
            UUID eventId,
            Optional<String> traceparent,
            String targetKind,
            Optional<String> targetValue,
            Optional<String> label,
            OptionalInt repository,
            String origin,
            String principal,
            String established) {}
}
