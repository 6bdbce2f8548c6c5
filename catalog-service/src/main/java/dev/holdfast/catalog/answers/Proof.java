package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a restore test says of a backup.
 *
 * @param verdict PASSED, FAILED, EXPIRED or INCONCLUSIVE
 * @param rung the highest rung of trust that it reached
 * @param testId the test
 * @param at when it ended
 * @param label the backup that was restored; null if none was chosen
 */
public record Proof(
        String verdict,
        String rung,
        UUID testId,
        Instant at,
        @Nullable String label) {}
