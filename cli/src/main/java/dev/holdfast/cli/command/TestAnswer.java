package dev.holdfast.cli.command;

import dev.holdfast.cli.follow.RequestState;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.EventFields;
import dev.holdfast.events.Check;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestRequested;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A restore test as the catalog's HTTP shows it, from what was read off the log. */
final class TestAnswer {

    private static final double MILLIS = 1000.0;

    private TestAnswer() {}

    /** A test without a verdict so far. */
    static Doc pending(RestoreTestRequested request, RequestState state) {
        return Doc.empty()
                .with("testId", request.getTestId().toString())
                .with("requestId", request.getRequestId().toString())
                .with("stanza", request.getStanza())
                .with("label", request.getBackupLabel().orElse(null))
                .with("state", state.name())
                .with("verdict", null)
                .with("target", target(request.getTarget()));
    }

    /** A test with its verdict. */
    static Doc of(RestoreTestCompleted test, RequestState state) {
        return Doc.empty()
                .with("testId", test.getTestId().toString())
                .with("requestId", test.getRequestId().toString())
                .with("stanza", test.getStanza())
                .with("label", test.getLabel().orElse(null))
                .with("state", state.name())
                .with("verdict", test.getVerdict().name())
                .with("reasonCode", test.getReasonCode())
                .with("reason", test.getReason())
                .with("rung", test.getRung().name())
                .with("target", target(test.getTarget()))
                .with("reached", test.getReached().map(EventFields::of).orElse(null))
                .with(
                        "checks",
                        test.getChecks().stream()
                                .map(TestAnswer::check)
                                .map(Doc::members)
                                .toList())
                .with("timings", timings(test))
                .with("isolation", test.getIsolation().map(EventFields::of).orElse(null))
                .with("bytesRestored", test.getBytesRestored().orElse(null))
                .with("dataLossSeconds", test.getDataLossSeconds().orElse(null))
                .with("versions", versions(test))
                .with("evidence", evidence(test));
    }

    private static Doc target(RestoreTarget target) {
        return Doc.empty()
                .with("kind", target.getKind().name())
                .with("value", target.getValue().orElse(null));
    }

    private static Doc check(Check check) {
        return Doc.empty()
                .with("name", check.getName())
                .with("outcome", check.getOutcome().name())
                .with("seconds", check.getMillis() / MILLIS)
                .with("detail", check.getDetail());
    }

    private static Doc timings(RestoreTestCompleted test) {
        return Doc.empty()
                .with("startedAt", test.getStartedAt().toString())
                .with("finishedAt", test.getFinishedAt().toString())
                .with(
                        "totalSeconds",
                        Duration.between(test.getStartedAt(), test.getFinishedAt())
                                        .toMillis()
                                / MILLIS)
                .with("fetchSeconds", seconds(test.getFetchMillis()))
                .with("restoreSeconds", seconds(test.getRestoreMillis()))
                .with("replaySeconds", seconds(test.getReplayMillis()))
                .with("readySeconds", seconds(test.getReadyMillis()));
    }

    private static Doc versions(RestoreTestCompleted test) {
        return Doc.empty()
                .with("postgresql", test.getPostgresqlVersion().orElse(null))
                .with("pgbackrest", test.getPgbackrestVersion().orElse(null))
                .with("sandbox", test.getSandbox())
                .with("image", test.getImageDigest().orElse(null));
    }

    private static @Nullable Double seconds(Optional<Long> millis) {
        return millis.map(value -> value / MILLIS).orElse(null);
    }

    private static @Nullable Doc evidence(RestoreTestCompleted test) {
        return test.getEvidenceSha256().isEmpty()
                ? null
                : Doc.empty()
                        .with("sha256", test.getEvidenceSha256())
                        .with("url", "/api/v1/restore-tests/" + test.getTestId() + "/evidence");
    }
}
