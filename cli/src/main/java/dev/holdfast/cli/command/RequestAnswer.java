package dev.holdfast.cli.command;

import dev.holdfast.cli.follow.BackupFollow;
import dev.holdfast.cli.follow.StoryLine;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request as the catalog's HTTP shows it, from what was read off the log, with {@code label} and the state. */
final class RequestAnswer {

    private RequestAnswer() {}

    static Doc of(BackupRequested request, BackupFollow follow) {
        return Doc.empty()
                .with("requestId", request.getRequestId().toString())
                .with("stanza", request.getStanza())
                .with("kind", "BACKUP")
                .with("state", follow.state().name())
                .with("label", follow.backup().map(BackupCompleted::getLabel).orElse(null))
                .with("requestedType", request.getType().name())
                .with(
                        "type",
                        follow.backup()
                                .map(backup -> backup.getEffectiveType().name())
                                .orElse(null))
                .with(
                        "status",
                        follow.backup().map(backup -> backup.getStatus().name()).orElse(null))
                .with("requestedBy", request.getRequestedBy().getPrincipal())
                .with("reason", request.getReason())
                .with("detail", follow.detail().isEmpty() ? null : follow.detail())
                .with("proof", follow.proof().map(RequestAnswer::proof).orElse(null))
                .with("story", story(request, follow));
    }

    private static Doc proof(RestoreTestCompleted proof) {
        return Doc.empty()
                .with("verdict", proof.getVerdict().name())
                .with("rung", proof.getRung().name())
                .with("testId", proof.getTestId().toString())
                .with("at", proof.getFinishedAt().toString());
    }

    private static List<Map<String, Object>> story(BackupRequested request, BackupFollow follow) {
        List<Map<String, Object>> story = new ArrayList<>();
        story.add(line(new StoryLine(
                EventType.of(request).shortName(),
                request.getOccurredAt(),
                request.getProducer().getService() + "/" + request.getProducer().getInstance())));
        follow.story().forEach(event -> story.add(line(event)));
        return story;
    }

    private static Map<String, Object> line(StoryLine event) {
        return Map.of("type", event.type(), "at", event.at().toString(), "producer", event.producer());
    }
}
