package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The catalog's database is lost. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class RebuiltCatalogIT {

    private static final String DATABASE = "rebuilt";
    private static final List<String> QUESTIONS = List.of(
            "/api/v1/stanzas",
            "/api/v1/backups?limit=200",
            "/api/v1/restore-tests?limit=200",
            "/api/v1/slots?limit=200",
            "/api/v1/events?limit=200");

    private final Stack stack;

    RebuiltCatalogIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void rebuiltFromTheTopicsItAnswersTheSame() {
        stack.backup("adhoc");
        Stack.CatalogProcess first = stack.startCatalog(DATABASE, "catalog-before");
        Map<String, JsonNode> before = answersOf(first);
        first.process().close();
        stack.database().sql("drop database " + DATABASE);

        Stack.CatalogProcess second = stack.startCatalog(DATABASE, "catalog-after");

        Map<String, JsonNode> after = answersOf(second);
        assertThat(before).allSatisfy((question, answer) -> assertThat(answer.path("items")).as(question).isNotEmpty());
        assertThat(after).isEqualTo(before);
        second.process().close();
    }

    private static Map<String, JsonNode> answersOf(Stack.CatalogProcess catalog) {
        Http http = new Http(catalog.url());
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        Patience.until("a catalog that has caught up", () -> {
            JsonNode stanzas = http.get("/api/v1/stanzas").json();
            assertThat(stanzas.path("asOf").path("caughtUp").asBoolean())
                    .as("%s", stanzas)
                    .isTrue();
        });
        QUESTIONS.forEach(question ->
                answers.put(question, withoutPosition(http.get(question).json())));
        return answers;
    }

    private static JsonNode withoutPosition(JsonNode answer) {
        ((ObjectNode) answer).remove("asOf");
        return answer;
    }
}
