package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A description of pods.
 *
 * @param owner in which it stands
 * @param json the template
 */
record PodTemplate(Resource owner, ObjectNode json) {

    /** Its {@code spec}. */
    JsonNode spec() {
        return json.path("spec");
    }

    /** Its labels. */
    Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        json.at("/metadata/labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    /** All its containers, those that begin before the others among them. */
    List<JsonNode> containers() {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> Manifests.each(spec().path(list)))
                .toList();
    }

    /** Containers that go on, each of which somebody must watch. */
    List<JsonNode> serving() {
        if (owner.kind().equals("CronJob") || owner.kind().equals("Job")) {
            return List.of();
        }
        return Stream.concat(
                        Manifests.each(spec().path("initContainers"))
                                .filter(container ->
                                        container.path("restartPolicy").asText().equals("Always")),
                        Manifests.each(spec().path("containers")))
                .toList();
    }

    /** For messages. */
    String at(JsonNode container) {
        return "%s, container %s".formatted(owner, container.path("name").asText());
    }
}
