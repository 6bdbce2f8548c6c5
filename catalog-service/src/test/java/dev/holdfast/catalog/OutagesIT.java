package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.CLUSTER;
import static dev.holdfast.catalog.SharedCatalog.KAFKA;
import static dev.holdfast.catalog.SharedCatalog.STORY;
import static dev.holdfast.catalog.SharedCatalog.caughtUp;
import static dev.holdfast.catalog.SharedCatalog.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The database goes away, the projection is rebuilt, a second catalog stands by. */
class OutagesIT {

    private final EventLog log = SharedCatalog.log();
    private final RunningCatalog catalog = SharedCatalog.catalog();

    @Test
    void anAwayDatabaseIsAProblemAndNotAnEmptyList() {
        CLUSTER.stop();
        try {
            HttpResponse<String> answer = catalog.awaitStatus("/api/v1/backups", 503);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(answer.body()).contains("database-away");
            assertThat(catalog.get("/").body()).contains("The catalog cannot answer now");
            assertThat(catalog.get("/actuator/prometheus").body())
                    .contains("holdfast_catalog_answers 0.0")
                    .doesNotContain("holdfast_stanza_trouble");
            assertThat(catalog.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        } finally {
            CLUSTER.start();
        }
        catalog.awaitStatus("/api/v1/backups", 200);
        UUID later = UUID.randomUUID();
        log.publish(Events.backupFailed("after-the-outage", later).build());
        caughtUp();

        assertThat(stateOf(later)).isEqualTo("FAILED");
    }

    @Test
    void aRebuildFromTheLogSaysTheSame() {
        JsonNode before = caughtUp();
        List<String> indexes = indexes();

        List<String> stream = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ended =
                catalog.follow("/api/v1/events/stream?from=beginning&stanza=" + STORY.stanza(), stream);
        org.awaitility.Awaitility.await("the first event of the stream")
                .atMost(Duration.ofMinutes(2))
                .until(() -> !stream.isEmpty());
        assertThat(catalog.post("/api/v1/rebuild").statusCode()).isEqualTo(202);
        String generation = generation();
        org.awaitility.Awaitility.await("the rebuilt projection")
                .atMost(Duration.ofMinutes(2))
                .until(() -> !catalog.json("/api/v1/rebuild").path("wanted").asBoolean(true));
        assertThat(generation()).isNotEqualTo(generation);
        ended.join();
        assertThat(stream).contains("event:rebuilt");
        JsonNode after = caughtUp();

        assertThat(after.path("tables")).isEqualTo(before.path("tables"));
        assertThat(after.path("sha256")).isEqualTo(before.path("sha256"));
        // the rebuilt one grew without most of them
        assertThat(indexes()).isEqualTo(indexes).hasSizeGreaterThan(30).noneMatch(index -> index.endsWith(" INVALID"));
    }

    private static List<String> indexes() {
        return CLUSTER.sqlIn("catalog", """
                select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' INVALID' end
                from pg_index join pg_class on pg_class.oid = indexrelid
                where relnamespace = 'holdfast'::regnamespace and not relispartition
                order by 1""");
    }

    private static String generation() {
        return CLUSTER.sqlIn("catalog", "select generation from holdfast.projection_status")
                .getFirst();
    }

    @Test
    void aCatalogWithAnEmptyDatabaseComesToTheSameContent() {
        JsonNode before = caughtUp();
        CLUSTER.createDatabase("fresh");

        try (RunningCatalog fresh = RunningCatalog.start(KAFKA, CLUSTER, "fresh")) {
            JsonNode after = fresh.awaitCaughtUp(positions(before));

            assertThat(after.path("sha256")).isEqualTo(before.path("sha256"));
        }
    }

    private static Map<String, Long> positions(JsonNode hash) {
        Map<String, Long> positions = new TreeMap<>();
        hash.path("asOf")
                .path("position")
                .properties()
                .forEach(topic -> positions.put(topic.getKey(), topic.getValue().asLong()));
        return positions;
    }

    @Test
    void aSecondCatalogStandsByAndAnswers() {
        JsonNode before = caughtUp();

        try (RunningCatalog second = RunningCatalog.start(KAFKA, CLUSTER, "catalog")) {
            assertThat(second.json("/api/v1/content-hash").path("sha256")).isEqualTo(before.path("sha256"));
        }
    }
}
