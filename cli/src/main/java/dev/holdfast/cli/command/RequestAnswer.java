package dev.holdfast.cli.command;

import dev.holdfast.cli.follow.BackupFollow;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.EventFields;
import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.schemas.EventType;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A request as the catalog's HTTP shows it, from what was read off the log. */
final class RequestAnswer {

    private RequestAnswer() {}

    static Doc of(BackupRequested request, BackupFollow follow) {
        return Doc.empty()
                .with("requestId", request.getRequestId().toString())
                .with("stanza", request.getStanza())
                .with("kind", "BACKUP")
                .with("state", follow.state().name())
                .with("type", request.getType().name())
                .with("origin", request.getOrigin().name())
                .with("requestedBy", request.getRequestedBy().getPrincipal())
                .with("reason", request.getReason())
                .with("askedAt", request.getOccurredAt().toString())
                .with("label", follow.backup().map(BackupCompleted::getLabel).orElse(null))
                .with(
                        "testId",
                        follow.proof().map(test -> test.getTestId().toString()).orElse(null))
                .with(
                        "verdict",
                        follow.proof().map(test -> test.getVerdict().name()).orElse(null))
                .with("backup", follow.backup().map(RequestAnswer::backup).orElse(null))
                .with("proof", follow.proof().map(RequestAnswer::proof).orElse(null))
                .with("failure", failure(follow))
                .with(
                        "story",
                        Stream.concat(Stream.of(request), follow.story().stream())
                                .map(RequestAnswer::line)
                                .toList());
    }

    private static Doc backup(BackupCompleted backup) {
        return Doc.empty()
                .with("label", backup.getLabel())
                .with("type", backup.getEffectiveType().name())
                .with("status", backup.getStatus().name())
                .with("repository", backup.getRepository())
                .with("repositoryBytes", backup.getRepositoryBytes().orElse(null))
                .with("startedAt", backup.getStartedAt().toString())
                .with("finishedAt", backup.getFinishedAt().toString());
    }

    private static Doc proof(RestoreTestCompleted proof) {
        return Doc.empty()
                .with("verdict", proof.getVerdict().name())
                .with("rung", proof.getRung().name())
                .with("testId", proof.getTestId().toString())
                .with("at", proof.getFinishedAt().toString());
    }

    private static @Nullable Doc failure(BackupFollow follow) {
        return follow.detail().isEmpty() || follow.isGood() ? null : Doc.empty().with("message", follow.detail());
    }

    private static Map<String, @Nullable Object> line(SpecificRecord event) {
        Doc fields = EventFields.of(event);
        return Doc.empty()
                .with("type", EventType.of(event).shortName())
                .with("at", fields.at("occurredAt").orElse(null))
                .with("producer", fields.at("producer").orElse(null))
                .with("eventId", fields.at("eventId").orElse(null))
                .with("event", fields)
                .members();
    }
}
