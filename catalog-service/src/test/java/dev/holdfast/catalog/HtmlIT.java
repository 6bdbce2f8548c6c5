package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.CLUSTER;
import static dev.holdfast.catalog.SharedCatalog.STORY;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as they leave the server; {@code browser.PageIT} looks at them. */
class HtmlIT {

    private final RunningCatalog catalog = SharedCatalog.catalog();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/backups",
                "/backups?outcome=RUNNING",
                "/requests",
                "/requests?state=FAILED&stanza=whole-story",
                "/slots?stanza=whole-story",
                "/stanzas/whole-story",
                "/stanzas/whole-story/restore",
                "/stanzas/whole-story/restore?at=2020-01-01T00:00:00",
                "/backups/whole-story/" + Story.LABEL,
                "/backups/whole-story/" + Story.EXPIRED,
                "/backups/whole-story/" + Story.VANISHED
            })
    void everyPageIsWholeWithoutJavaScript(String path) {
        HttpResponse<String> page = catalog.get(path, "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("whole-story", "</html>").doesNotContain("th:text", "${");
    }

    @Test
    void thePageOfEveryRequestAndTestIsThere() {
        for (UUID id : List.of(
                STORY.proven(),
                STORY.failed(),
                STORY.rejected(),
                STORY.unserved(),
                STORY.lost(),
                STORY.running(),
                STORY.cancelled())) {
            HttpResponse<String> page = catalog.get("/requests/" + id, "Accept", "text/html");
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(page.body()).contains("Its story", "</html>");
        }
        assertThat(catalog.get("/restore-tests/" + STORY.test()).body())
                .contains("amcheck", "Download the signed evidence");
        assertThat(catalog.get("/restore-tests/" + STORY.disproven()).body()).contains("a segment is missing");
    }

    @Test
    void whatIsKnownToBeBadIsSaidFirstAndWhatIsNotKnownIsNotGuessed() {
        assertThat(catalog.get("/backups/whole-story/" + Story.DISPROVEN).body())
                .contains("Do not count on this backup", "/restore-tests/" + STORY.disproven());
        assertThat(catalog.get("/backups/whole-story/" + Story.LABEL).body()).doesNotContain("Do not count");
        assertThat(catalog.get("/stanzas/whole-story/expiry").body())
                .contains("nothing can be foretold")
                .doesNotContain("Nothing goes");
    }

    @Test
    void thePageOfAStanzaAnswersWhetherItCanBeRestored() {
        String window = catalog.json("/api/v1/stanzas/%s/window".formatted(STORY.stanza()))
                .path("items")
                .get(0)
                .path("to")
                .asString();

        assertThat(catalog.get("/stanzas/whole-story").body()).contains("<svg", "Can it be restored to");
        assertThat(catalog.get("/stanzas/whole-story/restore?at=" + window).body())
                .contains("--set=" + Story.LABEL);
        assertThat(catalog.get("/stanzas/whole-story/restore?at=2020-01-01T00:00:00")
                        .body())
                .contains("cannot be restored", "before the earliest recoverable instant");
        assertThat(catalog.get("/stanzas/whole-story/restore?at=soon").statusCode())
                .isEqualTo(400);
    }

    @Test
    void thePageBreaksNoneOfItsOwnContentRules() {
        for (String path : List.of("/", "/stanzas/whole-story", "/restore-tests/" + STORY.test())) {
            assertThat(catalog.get(path).body())
                    .doesNotContain("style=\"", "<style", "onclick=", "javascript:", "https://", "src=\"//")
                    .doesNotContainPattern("<script(?![^>]*src=\"/)");
        }
    }

    @Test
    void aPageThatIsNotThereSaysSo() {
        HttpResponse<String> page = catalog.get("/stanzas/nobody", "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("Not in the catalog", "names the stanza");
    }

    @Test
    void anAddressThatNothingAnswersAtIsAPageForPeopleAndAProblemForPrograms() {
        HttpResponse<String> page = catalog.get("/no-such-page", "Accept", "text/html");
        HttpResponse<String> problem = catalog.get("/no-such-page");

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("Nothing here", "No page has this address", "class=\"bar\"");
        assertThat(problem.statusCode()).isEqualTo(404);
        assertThat(problem.body()).contains("urn:holdfast:problem:not-found", "/v3/api-docs lists what does");
    }

    @Test
    void aPageThatCannotBeMadeSaysSoInItsOwnLookAndTellsNothingOfTheInside() {
        CLUSTER.sqlIn("catalog", """
                insert into holdfast.stanzas values ('unreadable');
                insert into holdfast.repositories (stanza, repository, position, observed_at, observed)
                values ('unreadable', 1, 1, now(), '{"occurredAt": "at no time"}')""");
        try {
            HttpResponse<String> page = catalog.get("/stanzas/unreadable", "Accept", "text/html");

            assertThat(page.statusCode()).isEqualTo(500);
            assertThat(page.body())
                    .contains("The catalog failed", "says nothing about your backups", "class=\"bar\"")
                    .doesNotContain("DateTimeParseException", "at no time");
        } finally {
            CLUSTER.sqlIn("catalog", """
                    delete from holdfast.repositories where stanza = 'unreadable';
                    delete from holdfast.stanzas where stanza = 'unreadable'""");
        }
    }
}
