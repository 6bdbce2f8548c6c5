package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A start as it stands in the log.
 *
 * @param requestId the request
 * @param attempt which claim of it, from 1
 * @param eventId identity of the event that claims
 * @param runner the instance that claims
 * @param at when this runner read it
 * @param source the request's place in the log; empty where the writer did not say
 */
public record Claim(UUID requestId, int attempt, UUID eventId, String runner, Instant at, Optional<Source> source) {}
