package dev.holdfast.runner.backup;

import java.util.Optional;
import java.util.UUID;

/**
 * A terminal fact as it stands in the log.
 *
 * @param requestId the request
 * @param eventId identity of the fact
 * @param word what it was: completed, failed, or the rejection
 * @param source the request's place in the log; empty where the writer did not say
 */
public record Ending(UUID requestId, UUID eventId, String word, Optional<Source> source) {}
