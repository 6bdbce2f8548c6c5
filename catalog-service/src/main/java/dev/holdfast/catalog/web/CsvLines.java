package dev.holdfast.catalog.web;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Lines of RFC 4180.
 *
 * @param columns paths into an item's JSON, such as {@code proof.verdict}; also the header
 */
record CsvLines(List<String> columns) {

    static final String TYPE = "text/csv;charset=UTF-8";

    private static final String END = "\r\n";

    /** What a spreadsheet takes for a formula. */
    private static final String FORMULA = "=+-@\t\r";

    private static final Map<String, List<String>> COLUMNS = Map.of(
            "backups",
            List.of(
                    "stanza",
                    "label",
                    "repository",
                    "requestedType",
                    "type",
                    "status",
                    "origin",
                    "requestId",
                    "requestedBy",
                    "reason",
                    "startedAt",
                    "finishedAt",
                    "repositoryBytes",
                    "walStart",
                    "walStop",
                    "proof.verdict",
                    "proof.rung",
                    "proof.testId",
                    "proof.at"),
            "requests",
            List.of(
                    "requestId",
                    "stanza",
                    "kind",
                    "state",
                    "type",
                    "origin",
                    "requestedBy",
                    "established",
                    "reason",
                    "askedAt",
                    "schedule",
                    "label",
                    "testId",
                    "verdict",
                    "failure.category",
                    "failure.message"),
            "restore-tests",
            List.of(
                    "testId",
                    "requestId",
                    "stanza",
                    "label",
                    "repository",
                    "state",
                    "verdict",
                    "reasonCode",
                    "reason",
                    "rung",
                    "chainShape",
                    "timings.startedAt",
                    "timings.finishedAt",
                    "timings.readySeconds",
                    "requestedBy",
                    "evidence.sha256",
                    "evidence.url"),
            "slots",
            List.of("stanza", "schedule", "kind", "slot", "outcome", "requestId", "requestedType", "reason"),
            "events",
            List.of(
                    "topic",
                    "partition",
                    "offset",
                    "recordedAt",
                    "type",
                    "known",
                    "eventId",
                    "at",
                    "stanza",
                    "requestId",
                    "event"));

    /** Those of a list of {@link Exports}. */
    static CsvLines of(String list) {
        return new CsvLines(Objects.requireNonNull(COLUMNS.get(list)));
    }

    String header() {
        return String.join(",", columns) + END;
    }

    String line(JsonNode item) {
        return columns.stream().map(column -> cell(at(item, column))).collect(Collectors.joining(",")) + END;
    }

    private static JsonNode at(JsonNode item, String column) {
        JsonNode value = item;
        for (String step : column.split("\\.", -1)) {
            value = value.path(step);
        }
        return value;
    }

    private static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        if (value.isNumber() || value.isBoolean()) {
            return value.asString();
        }
        String text = value.isString() ? value.asString() : value.toString();
        boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }
}
