package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a request has come, from being asked to being proven.
 *
 * @param requestId which one
 * @param steps in their order
 * @param over true if nothing more will come
 * @param request what the catalog knows; null until it has read the request back from the log
 */
record Following(
        UUID requestId,
        List<Step> steps,
        boolean over,
        @Nullable Request request) {

    private static final Set<String> UNTAKEN = Set.of(Request.QUEUED, "REQUESTED", "UNSERVED");
    private static final Set<String> STOPPED = Set.of("FAILED", "REJECTED", "CANCELLED", "LOST");
    private static final Set<String> JUDGED = Set.of("PROVEN", "DISPROVEN", "INCONCLUSIVE");

    /** Copies the steps. */
    Following {
        steps = List.copyOf(steps);
    }

    /** Where a step stands. */
    enum Stage {
        DONE,
        WAITS,
        NOW,
        TO_COME,
        FAILED
    }

    /**
     * One step.
     *
     * @param text what it is, for people
     * @param stage where it stands
     */
    record Step(String text, Stage stage) {}

    /**
     * From what the catalog knows.
     *
     * @param proof true if a proof shall follow the backup, or is what was asked for
     */
    static Following of(UUID requestId, @Nullable Request request, boolean proof) {
        if (request == null) {
            return new Following(
                    requestId,
                    List.of(new Step("Written to the log; the catalog reads it back", Stage.NOW)),
                    false,
                    null);
        }
        String state = request.state();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(
                "Asked by " + (request.requestedBy() == null ? "unknown" : request.requestedBy()), Stage.DONE));
        boolean isBackup = request.kind().equals("BACKUP");
        if (isBackup) {
            steps.add(new Step("Backup", backup(state)));
        }
        if (proof || !isBackup) {
            steps.add(new Step("Proof: restored, started, checked", proof(state, isBackup)));
        }
        boolean over = STOPPED.contains(state) || JUDGED.contains(state) || (state.equals("COMPLETED") && !proof);
        return new Following(requestId, steps, over, request);
    }

    private static Stage backup(String state) {
        if (UNTAKEN.contains(state)) {
            return Stage.WAITS;
        }
        if (STOPPED.contains(state)) {
            return Stage.FAILED;
        }
        return state.equals("COMPLETED") || JUDGED.contains(state) ? Stage.DONE : Stage.NOW;
    }

    private static Stage proof(String state, boolean afterBackup) {
        return switch (state) {
            case "PROVEN" -> Stage.DONE;
            case "DISPROVEN", "INCONCLUSIVE" -> Stage.FAILED;
            case "COMPLETED" -> Stage.NOW;
            default -> {
                if (afterBackup) {
                    yield Stage.TO_COME;
                }
                yield UNTAKEN.contains(state) ? Stage.WAITS : STOPPED.contains(state) ? Stage.FAILED : Stage.NOW;
            }
        };
    }
}
