package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One resource.
 *
 * @param json the whole of it; tests change it
 */
record Resource(ObjectNode json) {

    /** Such as {@code Deployment}. */
    String kind() {
        return json.path("kind").asText();
    }

    /** Its name. */
    String name() {
        return json.at("/metadata/name").asText();
    }

    /** Such as {@code apps/v1}. */
    String apiVersion() {
        return json.path("apiVersion").asText();
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
