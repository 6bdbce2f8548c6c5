package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.testsupport.outside.Cli;
import dev.holdfast.testsupport.outside.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An outsider looks up each question in {@code docs/questions.md}, and gets the same answer as a command, as a request and as a page. */
@ExtendWith(StackExtension.class)
class QuestionsIT {

    private static final String STANZA = "mcpgov";
    private static final Pattern ROW = Pattern.compile(
            "\\| (\\d+) \\| [^|]+ \\| `holdfast ([^`]+)` \\| `GET ([^`]+)` \\| `([^`]+)` \\|", Pattern.MULTILINE);

    /** What an answer says of the moment in which it was given. */
    private static final Set<String> OF_THE_MOMENT = Set.of("asOf", "loss");

    private final Stack stack;

    QuestionsIT(Stack stack) {
        this.stack = stack;
    }

    /** A row of the table. */
    private record Question(int number, List<String> command, String request, String page) {}

    @Test
    void everyQuestionHasOneAnswerAsCommandAsRequestAndAsPage() throws IOException {
        Cli.Ended proven = stack.cli().run("backup", STANZA, "--wait=proven", "--timeout", "4m", "-o", "json");
        assertThat(proven.exitCode()).as("%s", proven).isEqualTo(Cli.DONE);
        UUID request = UUID.fromString(proven.json().path("requestId").asText());
        stack.request(request, "PROVEN");
        List<Question> questions =
                questions(request.toString(), proven.json().path("label").asText());

        assertThat(questions).extracting(Question::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        questions.forEach(this::assertThatItIsAnsweredThreeTimes);
    }

    private static List<Question> questions(String request, String label) throws IOException {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String text = Files.readString(Path.of(System.getProperty("holdfast.root"), "docs", "questions.md"))
                .replace("DAYT00", now.substring(0, 10) + "T00")
                .replace("INSTANT", now)
                .replace("DAY", now.substring(0, 10))
                .replace("STANZA", STANZA)
                .replace("LABEL", label)
                .replace("REQUEST", request);
        List<Question> questions = new ArrayList<>();
        Matcher rows = ROW.matcher(text);
        while (rows.find()) {
            questions.add(new Question(
                    Integer.parseInt(rows.group(1)),
                    List.of(rows.group(2).split(" ", -1)),
                    rows.group(3),
                    rows.group(4)));
        }
        return questions;
    }

    private void assertThatItIsAnsweredThreeTimes(Question question) {
        // the command of the last question has been typed already
        if (!question.command().getFirst().equals("backup")) {
            // a runner may look at the repository between two answers; then both are asked again
            Awaitility.await("the same answer to question " + question.number())
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(typed(question)).isEqualTo(requested(question)));
        }
        Http.Answer page = stack.catalog().get(question.page());
        assertThat(page.status()).as(page.request()).isEqualTo(200);
        assertThat(page.body()).contains("<h1>", "</html>");
    }

    private JsonNode requested(Question question) {
        return lasting(stack.catalog().get(question.request()).json());
    }

    private JsonNode typed(Question question) {
        List<String> command = new ArrayList<>(question.command());
        command.addAll(List.of("-o", "json"));
        Cli.Ended ended = stack.cli().run(command.toArray(String[]::new));
        assertThat(ended.exitCode()).as("%s", ended).isIn(Cli.DONE, Cli.BAD);
        return lasting(ended.json());
    }

    private static JsonNode lasting(JsonNode answer) {
        return ((ObjectNode) answer.deepCopy()).without(OF_THE_MOMENT);
    }
}
