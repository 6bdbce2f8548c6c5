package dev.holdfast.runner.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the answer to a request. The shape of health is the one that the other services answer with (Spring Boot's), so that
 * one probe and one reader fit all.
 *
 * @param condition what the runner says of itself
 * @param metrics what it counts
 */
record Answers(Condition condition, Metrics metrics) {

    private static final String UP = "UP";

    /** Ready means: the log has been read, the group has been joined, and pgBackRest can be run. */
    private static final String READINESS = "/actuator/health/readiness";

    private static final String LIVENESS = "/actuator/health/liveness";
    private static final String HEALTH = "/actuator/health";
    private static final String METRICS = "/actuator/prometheus";

    /**
     * @param method HTTP's
     * @param path as it was sent: nothing is decoded or resolved, so that only these very words are answered
     */
    Answer to(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Answer.problem(
                    Answer.METHOD_NOT_ALLOWED,
                    "Method Not Allowed",
                    "the runner is asked with GET, and told over Kafka");
        }
        return switch (path) {
            case LIVENESS -> Answer.json(Answer.OK, Map.of("status", UP));
            case READINESS, HEALTH -> readiness();
            case METRICS -> Answer.text(Metrics.TYPE, metrics.scraped());
            default ->
                Answer.problem(
                        Answer.NOT_FOUND,
                        "Not Found",
                        "the runner answers %s, %s and %s".formatted(READINESS, LIVENESS, METRICS));
        };
    }

    private Answer readiness() {
        Map<String, String> obstacles = condition.obstacles();
        Map<String, String> details = new TreeMap<>(condition.remarks());
        details.putAll(obstacles);
        String status = obstacles.isEmpty() ? UP : "DOWN";
        Map<String, Object> runner = new LinkedHashMap<>();
        runner.put("status", status);
        runner.put("details", details);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", status);
        body.put("components", Map.of("runner", runner));
        return Answer.json(obstacles.isEmpty() ? Answer.OK : Answer.UNAVAILABLE, body);
    }
}
