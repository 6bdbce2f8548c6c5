package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A restore test.
 *
 * @param testId its identity
 * @param requestId the request that it belongs to; null where unknown
 * @param stanza the stanza
 * @param label the backup; null while none is chosen
 * @param repository its repository; null while unknown
 * @param state as a request's, QUEUED among them
 * @param verdict PASSED, FAILED, EXPIRED or INCONCLUSIVE; null while it runs
 * @param reason why that verdict, for people; null while it runs
 * @param reasonCode the same for programs
 * @param rung the highest rung of trust reached; null while it runs
 * @param target the point asked for: kind and value
 * @param reached the point reached; null if recovery did not get there
 * @param checks what was checked, in order
 * @param chain labels restored, the test's own last
 * @param chainShape such as FULL+DIFF
 * @param timings how long what took
 * @param bytesRestored null if nothing was
 * @param dataLossSeconds measured loss; null where nothing allows to measure it
 * @param isolation how the sandbox was cut off; null if it never started
 * @param versions of PostgreSQL, pgBackRest, and the sandbox's kind and image
 * @param evidence the signed evidence; null while it runs
 * @param origin why there is a request
 * @param requestedBy who asked
 * @param requestReason why, in the requester's words
 * @param failure why nobody runs it; null otherwise
 * @param progress of the run; null where none is known
 * @param queued why it waits; null if it does not wait in the scheduler's queue
 */
public record RestoreTest(
        UUID testId,
        @Nullable UUID requestId,
        @Nullable String stanza,
        @Nullable String label,
        @Nullable Integer repository,
        String state,
        @Nullable String verdict,
        @Nullable String reason,
        @Nullable String reasonCode,
        @Nullable String rung,
        @Nullable JsonNode target,
        @Nullable JsonNode reached,
        List<Check> checks,
        List<String> chain,
        @Nullable String chainShape,
        Timings timings,
        @Nullable Long bytesRestored,
        @Nullable Long dataLossSeconds,
        @Nullable JsonNode isolation,
        Map<String, String> versions,
        @Nullable Evidence evidence,
        @Nullable String origin,
        @Nullable String requestedBy,
        @Nullable String requestReason,
        @Nullable Failure failure,
        @Nullable Progress progress,
        @Nullable Queued queued) {

    /** Copies the collections. */
    public RestoreTest {
        checks = List.copyOf(checks);
        chain = List.copyOf(chain);
        versions = Map.copyOf(versions);
    }

    /**
     * One check.
     *
     * @param name such as wal-continuity
     * @param outcome PASSED, FAILED or NOT_RUN
     * @param seconds how long it took
     * @param detail what was found
     */
    public record Check(String name, String outcome, double seconds, String detail) {}

    /**
     * How long what took, each null where it did not come to it.
     *
     * @param startedAt when the test began
     * @param finishedAt when it ended
     * @param totalSeconds from begin to end
     * @param fetchSeconds to make the sandbox ready
     * @param restoreSeconds of pgBackRest's restore
     * @param replaySeconds from PostgreSQL's start to recovery's end
     * @param readySeconds from the test's begin until queries were taken: the measured restore time
     */
    public record Timings(
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Double totalSeconds,
            @Nullable Double fetchSeconds,
            @Nullable Double restoreSeconds,
            @Nullable Double replaySeconds,
            @Nullable Double readySeconds) {}

    /**
     * Where the signed evidence is.
     *
     * @param sha256 of it, hexadecimal
     * @param url of it, below the catalog's own address
     */
    public record Evidence(String sha256, String url) {}
}
