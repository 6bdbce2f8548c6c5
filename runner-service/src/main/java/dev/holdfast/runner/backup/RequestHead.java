package dev.holdfast.runner.backup;

import java.util.Optional;
import java.util.UUID;

/**
 * What every request has, also one that cannot be served.
 *
 * @param requestId identity of the request
 * @param eventId identity of the event that carried it
 * @param stanza the stanza to back up
 * @param principal who asked
 * @param established how that name was established, by the contract's word for it
 * @param origin why the request exists, by the contract's word for it
 * @param reason why, in the requester's words
 * @param source where the request lies in the log
 * @param traceparent the W3C trace it belongs to; empty if there is none
 */
public record RequestHead(
        UUID requestId,
        UUID eventId,
        String stanza,
        String principal,
        String established,
        String origin,
        String reason,
        Source source,
        Optional<String> traceparent) {}
