package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Patience;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The catalog's database is lost. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class RebuiltCatalogIT {

    private static final String DATABASE = "rebuilt";
    private static final List<String> QUESTIONS =
            List.of("/api/v1/stanzas", "/api/v1/backups?limit=200", "/api/v1/restore-tests?limit=200");
    /** Answered with whatever the stories before have left: this one makes no slot. */
    private static final String SLOTS = "/api/v1/slots?limit=200";

    private static final String EVENTS = "/api/v1/events?limit=200";

    private final Stack stack;

    RebuiltCatalogIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void rebuiltFromTheTopicsItAnswersAsOneThatHasReadAlongAllTheTime() {
        String label = stack.backup("adhoc");
        stack.verdictOf(stack.producer().requestRestoreTest("adhoc", label, "BACKUP_END"));
        Stack.CatalogProcess lost = stack.startCatalog(DATABASE, "catalog-lost");
        awaitBackup(new Http(lost.url()), label);
        lost.process().close();
        stack.database().sql("drop database " + DATABASE);

        Stack.CatalogProcess rebuilt = stack.startCatalog(DATABASE, "catalog-rebuilt");

        // the log goes on meanwhile: announcements, observations
        Patience.until("the same answers", () -> assertThatBothAnswerTheSame(new Http(rebuilt.url())));
        rebuilt.process().close();
    }

    private static void awaitBackup(Http catalog, String label) {
        Patience.until(
                "a catalog that has read everything",
                () -> assertThat(catalog.get("/api/v1/backups/adhoc/" + label).status())
                        .isEqualTo(200));
    }

    private void assertThatBothAnswerTheSame(Http rebuilt) {
        for (String question : QUESTIONS) {
            assertThat(itemsOf(rebuilt, question))
                    .as(question)
                    .isNotEmpty()
                    .containsExactlyElementsOf(itemsOf(stack.catalog(), question));
        }
        assertThat(itemsOf(rebuilt, SLOTS)).isEqualTo(itemsOf(stack.catalog(), SLOTS));
        assertThat(events(rebuilt)).isNotEmpty().isEqualTo(events(stack.catalog()));
        assertThat(hashOf(rebuilt)).isNotBlank().isEqualTo(hashOf(stack.catalog()));
    }

    private static JsonNode itemsOf(Http catalog, String question) {
        return catalog.get(question).json().path("items");
    }

    /** Every event without its cursor: topics are read side by side, so each projection has an order of its own. */
    private static Set<JsonNode> events(Http catalog) {
        Set<JsonNode> events = new HashSet<>();
        String page = EVENTS;
        while (!page.isEmpty()) {
            JsonNode answer = catalog.get(page).json();
            answer.path("items").forEach(event -> events.add(((ObjectNode) event).without("cursor")));
            String next = answer.path("next").asText("");
            page = next.isEmpty() ? "" : EVENTS + "&cursor=" + next;
        }
        return events;
    }

    private static String hashOf(Http catalog) {
        JsonNode answer = catalog.get("/api/v1/content-hash").json();
        return answer.path("sha256").asText();
    }
}
