package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.http.JsonHttp.Answer;
import dev.holdfast.cli.json.Doc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The scheduler's policies and its queue: {@code /api/v1/policies} and {@code /api/v1/queue} of scheduler-service. */
public final class Policies {

    private static final String BASE = "/api/v1/policies";
    private static final String QUEUE = "/api/v1/queue";
    private static final String YAML = "application/yaml";
    private static final int NOT_FOUND = 404;

    private final JsonHttp http;

    /** The scheduler behind this HTTP. */
    public Policies(JsonHttp http) {
        this.http = http;
    }

    /** All in force: {@code items}. */
    public Doc all() {
        return good(http.get(BASE), "the policies");
    }

    /** The one of a stanza: its version, and {@code policy}, the document; empty if none is in force. */
    public Optional<Doc> find(String stanza) {
        Answer answer = http.get(of(stanza));
        return answer.status() == NOT_FOUND ? Optional.empty() : Optional.of(good(answer, "policy of " + stanza));
    }

    /**
     * Puts a policy in force.
     *
     * @param yaml the policy as its author wrote it
     * @param source where it came from, for messages
     * @param reason why, in the author's words
     * @param dryRun true to check only
     */
    public Doc apply(String yaml, String source, String reason, boolean dryRun) {
        String query = JsonHttp.query(List.of(Map.entry("reason", reason), Map.entry("dryRun", dryRun ? "true" : "")));
        return good(http.send("POST", BASE + query, yaml, YAML), source);
    }

    /** Puts a policy out of force. */
    public void delete(String stanza, String reason) {
        good(http.send("DELETE", of(stanza) + reasonQuery(reason), null, YAML), "policy of " + stanza);
    }

    /**
     * Pauses or resumes a policy.
     *
     * @param verb {@code pause} or {@code resume}
     * @param until when a pause ends by itself; empty for never
     */
    public Doc change(String stanza, String verb, String until, String reason) {
        String query = JsonHttp.query(List.of(Map.entry("reason", reason), Map.entry("until", until)));
        return good(http.send("POST", of(stanza) + "/" + verb + query, "", YAML), "policy of " + stanza);
    }

    /**
     * The slots to come.
     *
     * @param stanza whose policy in force; null if the policy is given
     * @param yaml a policy that need not be in force; null for the one in force
     * @param source where it came from, for messages
     * @param query {@code from} and {@code count}
     */
    public Doc next(
            @Nullable String stanza, @Nullable String yaml, String source, List<Map.Entry<String, String>> query) {
        return stanza != null
                ? good(http.get(of(stanza) + "/next" + JsonHttp.query(query)), source)
                : good(http.send("POST", BASE + "/next" + JsonHttp.query(query), yaml, YAML), source);
    }

    /**
     * What runs and what waits for a free place: {@code items}, in the order of their turn.
     *
     * @param query {@code stanza}, {@code pool} and {@code limit}
     */
    public Doc queue(List<Map.Entry<String, String>> query) {
        return good(http.get(QUEUE + JsonHttp.query(query)), "the queue");
    }

    private static String of(String stanza) {
        return BASE + "/" + JsonHttp.encoded(stanza);
    }

    private static String reasonQuery(String reason) {
        return JsonHttp.query(List.of(Map.entry("reason", reason)));
    }

    private static Doc good(Answer answer, String source) {
        if (answer.isGood()) {
            return answer.body();
        }
        List<Doc> errors = answer.body().docs("errors");
        throw CommandFailure.bad(
                errors.isEmpty()
                        ? "the scheduler refuses: " + answer.problem()
                        : errors.stream().map(error -> place(source, error)).collect(Collectors.joining("; ")));
    }

    /** Where it is wrong, as compilers say it, and what. */
    private static String place(String source, Doc error) {
        String line = error.text("line").map(number -> ":" + number).orElse("");
        String field = error.text("field")
                .filter(name -> !name.isEmpty())
                .map(name -> name + ": ")
                .orElse("");
        return source + line + ": " + field + error.cell("message");
    }
}
