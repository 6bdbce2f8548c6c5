package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Which pods are meant.
 *
 * @param json a label selector; an empty one means all
 */
record Selector(JsonNode json) {

    /** True if it means pods with these labels. */
    boolean matches(Map<String, String> labels) {
        boolean names = json.path("matchLabels").properties().stream()
                .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())));
        return names && Manifests.each(json.path("matchExpressions")).allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(expression.path("key").asText());
        return switch (expression.path("operator").asText()) {
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "In" ->
                value != null
                        && Manifests.each(expression.path("values"))
                                .anyMatch(allowed -> allowed.asText().equals(value));
            case "NotIn" ->
                value == null
                        || Manifests.each(expression.path("values"))
                                .noneMatch(forbidden -> forbidden.asText().equals(value));
            default -> throw new IllegalArgumentException(expression.toString());
        };
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
