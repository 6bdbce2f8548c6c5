package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.http.JsonHttp.Answer;
import dev.holdfast.cli.json.Doc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The catalog's questions: {@code /api/v1} of catalog-service. */
public final class Catalog {

    private static final String BASE = "/api/v1";
    private static final String REBUILD = BASE + "/rebuild";
    private static final int PAGE = 200;
    private static final int NOT_FOUND = 404;

    private final JsonHttp http;

    /** The catalog behind this HTTP. */
    public Catalog(JsonHttp http) {
        this.http = http;
    }

    /**
     * A list: {@code items}, {@code next} (set if there are more) and {@code asOf}.
     *
     * @param path what is listed, such as {@code /backups}
     * @param filters query parameters; empty ones are left out
     * @param limit the most items
     */
    public Doc list(String path, List<Map.Entry<String, String>> filters, int limit) {
        List<Object> items = new ArrayList<>();
        Doc page = Doc.empty();
        String cursor = "";
        do {
            List<Map.Entry<String, String>> parameters = new ArrayList<>(filters);
            parameters.add(Map.entry("limit", String.valueOf(Math.min(limit - items.size(), PAGE))));
            parameters.add(Map.entry("cursor", cursor));
            page = good(http.get(BASE + path + JsonHttp.query(parameters)));
            page.docs("items").forEach(item -> items.add(item.members()));
            cursor = page.text("next").orElse("");
        } while (!cursor.isEmpty() && items.size() < limit);
        return page.with("items", items);
    }

    /** One thing; empty if there is none of that name. */
    public Optional<Doc> find(String path) {
        Answer answer = http.get(BASE + path);
        return answer.status() == NOT_FOUND ? Optional.empty() : Optional.of(good(answer));
    }

    /** Every backup that bears this label: pgBackRest makes labels from the time, so that stanzas may share one. */
    public List<Doc> backupsLabelled(String label) {
        List<Doc> found = new ArrayList<>();
        for (Doc stanza : list("/stanzas", List.of(), Integer.MAX_VALUE).docs("items")) {
            stanza.text("stanza")
                    .flatMap(name -> find("/backups/" + JsonHttp.encoded(name) + "/" + JsonHttp.encoded(label)))
                    .ifPresent(found::add);
        }
        return found;
    }

    /** Asks for a rebuild from the log. */
    public void rebuild() {
        good(http.send("POST", REBUILD, "{}", "application/json"));
    }

    /**
     * True until the rebuilt catalog answers.
     *
     * @throws CommandFailure if the catalog does not tell
     */
    public boolean isRebuildWanted() {
        Answer answer = http.get(REBUILD);
        boolean wanted = answer.body().isTrue("wanted");
        if (!answer.isGood() || (!wanted && !answer.body().isFalse("wanted"))) {
            throw CommandFailure.bad(
                    "the rebuild is requested, but this catalog does not tell how far it is; it may be of an older version");
        }
        return wanted;
    }

    /**
     * Returns if the catalog knows the stanza.
     *
     * @throws CommandFailure if not: mostly a typing mistake, so the known ones are named
     */
    public void requireStanza(String stanza) {
        if (find("/stanzas/" + JsonHttp.encoded(stanza)).isPresent()) {
            return;
        }
        String known = list("/stanzas", List.of(), Integer.MAX_VALUE).docs("items").stream()
                .map(item -> item.cell("stanza"))
                .collect(Collectors.joining(", "));
        throw CommandFailure.bad("the catalog knows no stanza '%s'; %s"
                .formatted(
                        stanza,
                        known.isEmpty()
                                ? "it knows none yet: a stanza appears with its runner or its first backup"
                                : "it knows " + known));
    }

    private static Doc good(Answer answer) {
        if (!answer.isGood()) {
            throw CommandFailure.usage("the catalog refuses the question: " + answer.problem());
        }
        return answer.body();
    }
}
