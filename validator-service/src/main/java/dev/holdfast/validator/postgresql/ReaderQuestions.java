package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.Assertion;
import dev.holdfast.validator.proof.DatabaseEngine;
import dev.holdfast.validator.proof.Reply;
import dev.holdfast.validator.proof.Sandbox;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the user's questions as a role that was made for it: it may read everything and has no other right. A question is one
 * query in a read-only transaction, under a time limit, with the same rights for everything that it calls.
 */
final class ReaderQuestions implements DatabaseEngine.Questions {

    private static final Duration QUICK = Duration.ofMinutes(5);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern ERROR = Pattern.compile("(?m)^.*ERROR: {2}([0-9A-Z]{5}): (.*)$");
    private static final Pattern NO_DATABASE = Pattern.compile("FATAL: {2}(database \".*\" does not exist)");

    private final Sandbox sandbox;
    private final String superuser;
    private final String reader;
    private final Optional<String> trouble;
    private final Map<String, Sandbox.Finished> ready = new HashMap<>();

    private ReaderQuestions(Sandbox sandbox, String superuser, String reader, Optional<String> trouble) {
        this.sandbox = sandbox;
        this.superuser = superuser;
        this.reader = reader;
        this.trouble = trouble;
    }

    /** Makes the role. */
    static ReaderQuestions prepared(Sandbox sandbox, String superuser) {
        // a name that production does not have, whoever chose the names there
        String reader = "holdfast_" + UUID.randomUUID().toString().replace("-", "");
        Sandbox.Finished made = run(
                sandbox,
                Script.READER,
                QUICK,
                sandbox.workspace() + "/run",
                superuser,
                SessionSettings.options(),
                reader);
        return new ReaderQuestions(
                sandbox,
                superuser,
                reader,
                made.succeeded()
                        ? Optional.empty()
                        : Optional.of("no role that may only read could be made: " + Excerpt.of(made.err())));
    }

    @Override
    public Reply ask(Assertion assertion) {
        if (trouble.isPresent()) {
            return new Reply.Unasked(trouble.get());
        }
        Sandbox.Finished prepared = ready.computeIfAbsent(assertion.database(), this::makeReady);
        return prepared.succeeded() ? reply(question(assertion), assertion) : unready(prepared);
    }

    private Sandbox.Finished makeReady(String database) {
        return run(
                sandbox,
                Script.READY,
                QUICK,
                sandbox.workspace() + "/run",
                superuser,
                SessionSettings.options(),
                reader,
                database,
                SqlText.ASSERTION_SETUP.text());
    }

    private static Reply unready(Sandbox.Finished prepared) {
        Matcher missing = NO_DATABASE.matcher(prepared.err());
        return missing.find()
                ? new Reply.Lacking(missing.group(1) + " in the restored cluster")
                : new Reply.Unasked("the database could not be prepared: " + Excerpt.of(prepared.err()));
    }

    private Sandbox.Finished question(Assertion assertion) {
        // the server ends a query that takes too long; should it not, the client is ended
        Duration patience = assertion.limit().plusSeconds(30);
        return run(
                sandbox,
                Script.QUESTION,
                patience.plus(QUICK),
                sandbox.workspace() + "/run",
                reader,
                SessionSettings.ofReader(assertion.limit()),
                assertion.database(),
                String.valueOf(patience.toSeconds()),
                assertion.sql());
    }

    private static Reply reply(Sandbox.Finished finished, Assertion assertion) {
        if (finished.succeeded()) {
            return value(MAPPER.readTree(finished.out()));
        }
        Matcher error = ERROR.matcher(finished.err());
        if (!error.find()) {
            return new Reply.Unasked(
                    "the query ended with status %d: %s".formatted(finished.exitCode(), Excerpt.of(finished.err())));
        }
        String why = "%s (SQLSTATE %s)".formatted(error.group(2), error.group(1));
        return switch (error.group(1)) {
            // no such table, column, function, schema, object
            case "42P01", "42703", "42883", "3F000", "42704" -> new Reply.Lacking(why);
            case "57014" -> new Reply.Unasked("the query was not over after %s".formatted(assertion.limit()));
            // data corrupted, index corrupted
            case "XX001", "XX002" -> new Reply.Lacking(why);
            default -> new Reply.Unasked(why);
        };
    }

    private static Reply value(JsonNode answer) {
        if (answer.path("rows").asInt() == 0) {
            return new Reply.Value(Optional.empty());
        }
        if (answer.path("rows").asInt() > 1 || answer.path("columns").asInt() != 1) {
            return new Reply.Unasked("the query must return one row of one column, this one returns %s"
                    .formatted(
                            answer.path("rows").asInt() > 1
                                    ? "more rows"
                                    : answer.path("columns").asInt() + " columns"));
        }
        JsonNode value = answer.path("value");
        return new Reply.Value(value.isString() ? Optional.of(value.asString()) : Optional.empty());
    }

    private static Sandbox.Finished run(Sandbox sandbox, Script script, Duration limit, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script.text(), "sh"));
        command.addAll(List.of(arguments));
        return sandbox.run(new Sandbox.Command(command, limit));
    }
}
