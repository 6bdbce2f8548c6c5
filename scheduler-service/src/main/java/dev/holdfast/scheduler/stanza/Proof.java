package dev.holdfast.scheduler.stanza;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A passed restore test.
 *
 * @param shape what was restored, such as FULL+DIFF
 * @param finishedAt when the test ended
 * @param reached the instant of the last commit that was recovered; null where nothing tells
 * @param restoreTime how long it took until the cluster took queries; null where it was not measured
 */
public record Proof(
        String label,
        int repository,
        String shape,
        Instant finishedAt,
        @Nullable Instant reached,
        @Nullable Duration restoreTime) {

    /** The key of a backup among proofs: labels of two repositories may be the same. */
    public static String keyOf(String label, int repository) {
        return repository + "/" + label;
    }

    /** The key of what was restored. */
    String key() {
        return keyOf(label, repository);
    }
}
