package dev.holdfast.runner.pgbackrest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.Run;
import dev.holdfast.runner.backup.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The durable intent on this host's disk: the request, the claim, and the arguments, as JSON. */
final class RequestFile {

    /** Name of the file in the run folder. */
    static final String NAME = "intent.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private RequestFile() {}

    /** An intent that was read back. */
    record Intent(Run run, List<String> arguments) {}

    /** The file's text. */
    static String text(BackupRequest request, int attempt, UUID startedEventId, List<String> arguments) {
        RequestHead head = request.head();
        ObjectNode node = JSON.createObjectNode();
        node.put("requestId", head.requestId().toString())
                .put("eventId", head.eventId().toString())
                .put("stanza", head.stanza())
                .put("principal", head.principal())
                .put("established", head.established())
                .put("origin", head.origin())
                .put("reason", head.reason())
                .put("source", head.source().text())
                .put("traceparent", head.traceparent().orElse(null))
                .put("kind", request.kind().name())
                .put("repository", request.repository().orElse(0))
                .put("recordedAt", request.recordedAt().toString())
                .put("notAfter", request.notAfter().toString())
                .put("proofWanted", request.proofWanted())
                .put("attempt", attempt)
                .put("startedEventId", startedEventId.toString());
        node.set("labels", JSON.valueToTree(request.labels()));
        node.set("options", JSON.valueToTree(request.options()));
        node.set("arguments", JSON.valueToTree(arguments));
        return node.toString();
    }

    /**
     * Reads it back.
     *
     * @throws IllegalArgumentException if the text is no intent
     */
    static Intent read(String text, Path folder) {
        JsonNode node = parsed(text);
        int repository = node.path("repository").asInt();
        BackupRequest request = new BackupRequest(
                head(node),
                BackupKind.valueOf(node.path("kind").asText()),
                repository == 0 ? OptionalInt.empty() : OptionalInt.of(repository),
                Instant.parse(node.path("recordedAt").asText()),
                Instant.parse(node.path("notAfter").asText()),
                map(node.path("labels")),
                map(node.path("options")),
                node.path("proofWanted").asBoolean());
        List<String> arguments = new ArrayList<>();
        node.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        UUID startedEventId = UUID.fromString(node.path("startedEventId").asText());
        return new Intent(new Run(request, node.path("attempt").asInt(), startedEventId, folder), arguments);
    }

    private static RequestHead head(JsonNode node) {
        return new RequestHead(
                UUID.fromString(node.path("requestId").asText()),
                UUID.fromString(node.path("eventId").asText()),
                node.path("stanza").asText(),
                node.path("principal").asText(),
                node.path("established").asText(),
                node.path("origin").asText(),
                node.path("reason").asText(),
                Source.parse(node.path("source").asText()).orElseThrow(),
                node.hasNonNull("traceparent")
                        ? Optional.of(node.path("traceparent").asText())
                        : Optional.empty());
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an intent: '%s'".formatted(text), e);
        }
    }

    private static Map<String, String> map(JsonNode node) {
        Map<String, String> map = new HashMap<>();
        node.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}
