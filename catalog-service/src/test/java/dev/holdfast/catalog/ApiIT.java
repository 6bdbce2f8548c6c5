package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.STORY;
import static dev.holdfast.catalog.SharedCatalog.caughtUp;
import static dev.holdfast.catalog.SharedCatalog.randomText;
import static dev.holdfast.catalog.SharedCatalog.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.testsupport.reference.HttpTable;
import dev.holdfast.testsupport.reference.ReferencePage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How the catalog answers: lists, pages, errors, exports, streams, metrics, and its own description. */
class ApiIT {

    private final EventLog log = SharedCatalog.log();
    private final RunningCatalog catalog = SharedCatalog.catalog();

    @Test
    void anEntityTagSparesTheSecondTransfer() {
        String path = "/api/v1/restore-tests/%s/evidence".formatted(STORY.test());
        String tag = catalog.get(path).headers().firstValue("etag").orElseThrow();

        HttpResponse<String> again = catalog.get(path, "If-None-Match", tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"backups", "requests", "restore-tests", "slots", "events"})
    void everyListCanBeTakenAlongWhole(String list) {
        int lines = 0;
        String path = "/api/v1/%s?limit=3&stanza=%s".formatted(list, STORY.stanza());
        String next = path;
        while (next != null) {
            JsonNode page = catalog.json(next);
            lines += page.path("items").size();
            next = page.path("next").isNull()
                    ? null
                    : path + "&cursor=" + page.path("next").asString();
        }
        String export = "/api/v1/exports/%s?stanza=%s".formatted(list, STORY.stanza());
        HttpResponse<String> csv = catalog.get(export);

        assertThat(csv.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
        assertThat(csv.body().split("\r\n")).hasSize(lines + 1);
        assertThat(catalog.get(export + "&format=jsonl").body().lines()).hasSize(lines);
        assertThat(catalog.get(export + "&format=jsonl&asOf=" + Instant.now())
                        .body()
                        .lines())
                .hasSize(lines);
        assertThat(catalog.get(export + "&asOf=2020-01-01T00:00:00Z").body().split("\r\n"))
                .hasSize(1);
    }

    @Test
    void listsCanBeFiltered() {
        String base = "/api/v1/backups?stanza=%s&".formatted(STORY.stanza());

        assertThat(texts(catalog.json(base + "proven=true").path("items"), "label"))
                .containsExactly(Story.LABEL);
        assertThat(texts(catalog.json(base + "outcome=expired").path("items"), "label"))
                .containsExactly(Story.EXPIRED);
        assertThat(texts(catalog.json(base + "outcome=RUNNING").path("items"), "requestId"))
                .contains(STORY.running().toString());
        assertThat(texts(catalog.json(base + "outcome=FAILED").path("items"), "requestId"))
                .containsExactly(STORY.failed().toString());
        assertThat(texts(catalog.json(base + "requestedBy=nobody-such").path("items"), "label"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/backups?limit=0,400,limit is 0",
        "/api/v1/backups?limit=501,400,expected 1 to 500",
        "/api/v1/backups?limit=many,400,limit is 'many'",
        "/api/v1/backups?type=HUGE,400,expected one of FULL",
        "/api/v1/backups?from=yesterday,400,expected an instant",
        "/api/v1/backups?cursor=garbage,400,cursor is 'garbage'",
        "/api/v1/backups?stanza=..%2Fevil,400,stanza is '../evil'",
        "/api/v1/backups/whole-story/20200101-000000F,404,no backup 20200101-000000F",
        "/api/v1/stanzas/nobody,404,names the stanza 'nobody'",
        "/api/v1/requests/not-a-uuid,400,expected a UUID",
        "/api/v1/requests/00000000-0000-0000-0000-000000000000,404,nothing is known",
        "/api/v1/events?from=garbage,400,expected 'beginning'",
        "/api/v1/exports/everything,400,expected one of backups",
        "/api/v1/exports/backups?format=xml,400,expected one of CSV",
        "/api/v1/backups?outcom=FAILED,400,nothing here has a parameter 'outcom'",
        "/api/v1/backups?asOf=2999-01-01T00:00:00Z,400,in the future",
        "/api/v1/backups?from=%2B999999999-01-01T00:00:00Z,400,expected an instant",
        "/api/v1/nothing-here,404,nothing answers at"
    })
    void everyErrorIsAProblemThatSaysWhatIsWrong(String path, int status, String words) {
        HttpResponse<String> answer = catalog.get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains(words).doesNotContain("Exception", "at dev.holdfast");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeadersAndAnEntityTag() {
        HttpResponse<String> first = catalog.get("/api/v1/backups/%s/%s".formatted(STORY.stanza(), Story.LABEL));

        assertThat(first.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'self'", "frame-ancestors 'none'");
        assertThat(first.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(first.headers().firstValue("etag")).isPresent();
    }

    @Test
    void whoeverIsWokenByMetricsIsWokenByWhatThePageSays() {
        String metrics = catalog.get("/actuator/prometheus").body();

        assertThat(metrics)
                .contains(
                        "holdfast_catalog_answers 1.0",
                        "holdfast_stanza_trouble{stanza=\"whole-story\"} 1.0",
                        "holdfast_proof_passed{stanza=\"whole-story\"} 1.0",
                        "holdfast_objective_met{objective=\"rpo\",stanza=\"whole-story\"} 0.0",
                        "holdfast_backup_age_seconds{stanza=\"whole-story\"}",
                        "holdfast_exposure_seconds{stanza=\"whole-story\"}");
    }

    @Test
    void theOpenApiDescriptionNamesEveryPath() {
        JsonNode paths = catalog.json("/v3/api-docs").path("paths");

        assertThat(paths.propertyNames())
                .contains(
                        "/api/v1/stanzas",
                        "/api/v1/stanzas/{stanza}",
                        "/api/v1/stanzas/{stanza}/recoverability",
                        "/api/v1/stanzas/{stanza}/window",
                        "/api/v1/backups",
                        "/api/v1/backups/{stanza}/{label}",
                        "/api/v1/requests/{requestId}",
                        "/api/v1/restore-tests",
                        "/api/v1/restore-tests/{testId}",
                        "/api/v1/slots",
                        "/api/v1/rebuild",
                        "/api/v1/exports/{list}",
                        "/api/v1/events",
                        "/api/v1/events/stream",
                        "/api/v1/exposure/{stanza}");
    }

    @Test
    void thePageOfHttpHasEveryAddressOfTheDescription() {
        ReferencePage.section("http.md", "catalog")
                .holds(HttpTable.of(
                        "catalog-service", catalog.get("/v3/api-docs").body()));
    }

    @Test
    void everyAnswerHasTheKeysThatItsDescriptionPromises() {
        JsonNode api = catalog.json("/v3/api-docs");
        int described = 0;
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            String reference = path.getValue()
                    .at("/get/responses/200/content/application~1json/schema/$ref")
                    .asString("");
            if (!reference.isEmpty()) {
                JsonNode answer = catalog.json(filled(path.getKey()));
                assertThat(answer.propertyNames())
                        .as(path.getKey())
                        .containsExactlyInAnyOrderElementsOf(
                                api.at(reference.substring(1) + "/properties").propertyNames());
                described++;
            }
        }

        assertThat(described).isGreaterThan(10);
    }

    /** An address of the description with the story's names in it. */
    private static String filled(String path) {
        return path.replace("{stanza}", STORY.stanza())
                .replace("{label}", Story.LABEL)
                .replace("{requestId}", STORY.proven().toString())
                .replace("{testId}", STORY.test().toString());
    }

    @Test
    void pagesStayWholeWhileRowsArrive() {
        String stanza = "paging";
        for (int i = 0; i < 20; i++) {
            log.publish(Events.backupRequested(stanza).build());
        }
        caughtUp();
        List<String> seen = new ArrayList<>();
        String path = "/api/v1/requests?limit=3&stanza=" + stanza;
        String next = path;
        while (next != null) {
            JsonNode page = catalog.json(next);
            seen.addAll(texts(page.path("items"), "requestId"));
            log.publish(Events.backupRequested(stanza).build());
            caughtUp();
            next = page.path("next").isNull()
                    ? null
                    : path + "&cursor=" + page.path("next").asString();
        }

        assertThat(seen).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void theLogIsReadOnceFromCursorToCursor() {
        Set<String> ids = new HashSet<>();
        int count = 0;
        String path = "/api/v1/events?limit=7&stanza=" + STORY.stanza();
        String next = path + "&from=beginning";
        while (next != null) {
            JsonNode page = catalog.json(next);
            count += page.path("items").size();
            ids.addAll(texts(page.path("items"), "eventId"));
            next = page.path("next").isNull()
                    ? null
                    : path + "&from=" + page.path("next").asString();
        }

        // the announcement names the stanza in its list only
        assertThat(count).isEqualTo(ids.size()).isEqualTo(STORY.events().size() - 1);
    }

    /** Evidence may have a quarter of a megabyte; a page that holds as many as it may would fill the memory. */
    @Test
    void largeEventsComeInSmallPages() {
        String evidence = randomText(200_000);
        for (int i = 0; i < 15; i++) {
            log.publish(ProofEvents.restoreTestCompleted("large", UUID.randomUUID(), UUID.randomUUID())
                    .setEvidence(evidence)
                    .build());
        }
        caughtUp();
        int pages = 0;
        int count = 0;
        String path = "/api/v1/events?limit=500&stanza=large";
        String next = path;
        while (next != null) {
            JsonNode page = catalog.json(next);
            pages++;
            count += page.path("items").size();
            next = page.path("next").isNull()
                    ? null
                    : path + "&cursor=" + page.path("next").asString();
        }

        assertThat(count).isEqualTo(15);
        assertThat(pages).isGreaterThan(1);
    }

    @Test
    void oneStreamTooManyIsToldToComeAgainAndMayOnceOthersAreClosed() throws IOException {
        String path = "/api/v1/events/stream?stanza=crowded&from=beginning";
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        try {
            HttpResponse<InputStream> refused;
            // each says something at once, so that its answer begins
            log.publish(Events.backupRequested("crowded").build());
            caughtUp();
            do {
                refused = catalog.open(path);
                open.add(refused);
            } while (refused.statusCode() == 200 && open.size() <= 64);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("urn:holdfast:problem:busy", "64 streams are open already");
        } finally {
            for (HttpResponse<InputStream> one : open) {
                one.body().close();
            }
        }
        // a reader who is gone is noticed when there is something to say
        Awaitility.await("a place is free").atMost(RunningCatalog.LIMIT).until(() -> {
            log.publish(Events.backupRequested("crowded").build());
            HttpResponse<InputStream> again = catalog.open(path);
            again.body().close();
            return again.statusCode() == 200;
        });
    }

    @Test
    void theStreamSaysWhatComesAndGoesOnWhereAReaderLeft() {
        String stream = "/api/v1/events/stream?stanza=streamed&from=beginning";
        log.publish(Events.backupRequested("streamed").build());
        Map<String, String> first = catalog.firstMessage(stream);
        log.publish(Events.backupFailed("streamed", UUID.randomUUID()).build());

        Map<String, String> second = catalog.firstMessage(stream, "Last-Event-ID", first.getOrDefault("id", ""));

        assertThat(first).containsEntry("event", "BackupRequested");
        assertThat(first.get("data")).contains("\"stanza\":\"streamed\"");
        assertThat(second).containsEntry("event", "BackupFailed");
    }
}
