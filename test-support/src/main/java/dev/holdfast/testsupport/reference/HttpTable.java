package dev.holdfast.testsupport.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The addresses of a service as a table, from its OpenAPI description and the comments of the methods that answer. */
public final class HttpTable {

    private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");
    private static final Pattern NUMBERED = Pattern.compile("_\\d+$");

    private HttpTable() {}

    /**
     * As Markdown.
     *
     * @param module the service's folder, whose sources have the comments
     * @param description its OpenAPI document
     * @throws AssertionError naming a method without a comment
     */
    public static String of(String module, String description) {
        Map<String, String> comments = ModuleSources.of(module).methods();
        StringBuilder text = new StringBuilder("| address | parameters | |\n|---|---|---|\n");
        paths(description)
                .forEach((path, methods) -> METHODS.stream()
                        .filter(methods::has)
                        .forEach(method -> text.append("| `%s %s` | %s | %s |\n"
                                .formatted(
                                        method.toUpperCase(Locale.ROOT),
                                        path,
                                        parameters(methods.path(method)),
                                        CodeTable.cell(comment(methods.path(method), comments))))));
        return text.toString();
    }

    private static Map<String, JsonNode> paths(String description) {
        try {
            Map<String, JsonNode> paths = new TreeMap<>();
            new ObjectMapper()
                    .readTree(description)
                    .path("paths")
                    .properties()
                    .forEach(path -> paths.put(path.getKey(), path.getValue()));
            assertThat(paths).isNotEmpty();
            return paths;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a description of an interface", e);
        }
    }

    /** Those in the path are in the address already; those that must be given stand in bold. */
    private static String parameters(JsonNode operation) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.path("parameters").forEach(parameters::add);
        return String.join(
                ", ",
                parameters.stream()
                        .filter(parameter -> !parameter.path("in").asText().equals("path"))
                        .sorted(Comparator.comparing(
                                parameter -> parameter.path("name").asText()))
                        .map(HttpTable::parameter)
                        .toList());
    }

    private static String parameter(JsonNode parameter) {
        String name = "`%s`".formatted(parameter.path("name").asText());
        String shown = parameter.path("required").asBoolean() ? "**%s**".formatted(name) : name;
        return parameter.path("in").asText().equals("header") ? shown + " (header)" : shown;
    }

    private static String comment(JsonNode operation, Map<String, String> comments) {
        String type = typeName(operation.path("tags").path(0).asText());
        String method = NUMBERED.matcher(operation.path("operationId").asText()).replaceFirst("");
        String comment = comments.getOrDefault(type + "." + method, "");
        assertThat(comment)
                .as("what %s.%s answers, in its Javadoc", type, method)
                .isNotBlank();
        return comment;
    }

    /** The type behind a tag: {@code catalog-api} is {@code CatalogApi}. */
    private static String typeName(String tag) {
        StringBuilder name = new StringBuilder();
        for (String word : tag.split("-")) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.toString();
    }
}
