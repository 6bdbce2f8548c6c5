package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.ProofEvents;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole catalog over real Kafka and real PostgreSQL. */
class CatalogIT {

    private static final KafkaConnection KAFKA = KafkaBroker.shared().connection("mock://catalog-it");
    private static final PostgresCluster CLUSTER = PostgresCluster.started();
    private static final Story STORY = Story.of("whole-story");

    private static EventLog log = EventLog.open(KAFKA);
    private static RunningCatalog catalog = startedCatalog();

    private static RunningCatalog startedCatalog() {
        CLUSTER.createDatabase("catalog");
        return RunningCatalog.start(KAFKA, CLUSTER, "catalog");
    }

    @BeforeAll
    static void tell() {
        STORY.events().forEach(log::publish);
        caughtUp();
    }

    @AfterAll
    static void end() {
        catalog.close();
        log.close();
        CLUSTER.close();
    }

    /** Waits until everything published so far is projected. */
    private static JsonNode caughtUp() {
        Map<String, Long> records = new TreeMap<>();
        for (EventLog.Entry entry : log.entries()) {
            if (!entry.record().topic().endsWith(Topic.DEAD_LETTER_SUFFIX)) {
                records.merge(entry.record().topic(), 1L, Long::sum);
            }
        }
        return catalog.awaitCaughtUp(records);
    }

    @Test
    void everyRequestEndsInTheStateThatItsFactsSay() {
        assertThat(stateOf(STORY.proven())).isEqualTo("PROVEN");
        assertThat(stateOf(STORY.failed())).isEqualTo("FAILED");
        assertThat(stateOf(STORY.rejected())).isEqualTo("REJECTED");
        assertThat(stateOf(STORY.unserved())).isEqualTo("UNSERVED");
        assertThat(stateOf(STORY.lost())).isEqualTo("LOST");
        assertThat(stateOf(STORY.running())).isEqualTo("RUNNING");
        assertThat(stateOf(STORY.cancelled())).isEqualTo("CANCELLED");
    }

    private static String stateOf(UUID requestId) {
        return catalog.json("/api/v1/requests/" + requestId).path("state").asString();
    }

    @Test
    void aRequestTellsItsWholeStoryInOrder() {
        JsonNode request = catalog.json("/api/v1/requests/" + STORY.proven());

        assertThat(request.path("kind").asString()).isEqualTo("BACKUP");
        assertThat(request.path("label").asString()).isEqualTo(Story.LABEL);
        assertThat(texts(request.path("story"), "type"))
                .contains("BackupRequested", "BackupStarted", "BackupCompleted", "RestoreTestCompleted")
                .doesNotContain("BackupProgressed", "RestoreTestProgressed");
        assertThat(texts(request.path("story"), "at")).isSorted();
        assertThat(request.path("story").get(0).path("producer").path("service").asString())
                .isNotEmpty();
    }

    @Test
    void theClaimThatCameLaterIsVoid() {
        String runner = CLUSTER.sqlIn(
                        "catalog",
                        "select started ->> 'runner' from holdfast.requests where request_id = '%s'"
                                .formatted(STORY.proven()))
                .getFirst();

        assertThat(runner).isEqualTo("runner-1");
    }

    @ParameterizedTest
    @CsvSource({
        Story.LABEL + ",COMPLETE,PASSED",
        Story.EXPIRED + ",EXPIRED,",
        Story.VANISHED + ",VANISHED,",
        Story.DISCOVERED + ",COMPLETE,",
        Story.DISPROVEN + ",COMPLETE,FAILED"
    })
    void everySetHasItsStatusAndProof(String label, String status, @org.jspecify.annotations.Nullable String verdict) {
        JsonNode backup = catalog.json("/api/v1/backups/%s/%s".formatted(STORY.stanza(), label));

        assertThat(backup.path("status").asString()).isEqualTo(status);
        assertThat(backup.path("proof").path("verdict").asString(null)).isEqualTo(verdict);
    }

    @Test
    void aBackupHasTheKeysThatOthersRelyOn() {
        JsonNode backup = catalog.json("/api/v1/backups/%s/%s".formatted(STORY.stanza(), Story.LABEL));

        assertThat(backup.propertyNames())
                .contains(
                        "stanza",
                        "label",
                        "repository",
                        "requestedType",
                        "type",
                        "status",
                        "origin",
                        "requestId",
                        "requestedBy",
                        "reason",
                        "startedAt",
                        "finishedAt",
                        "repositoryBytes",
                        "walStart",
                        "walStop",
                        "proof",
                        "asOf");
        assertThat(backup.path("proof").propertyNames()).contains("verdict", "rung", "testId", "at");
        assertThat(backup.path("finishedAt").asString()).endsWith("Z");
    }

    @Test
    void aStanzaHasTheKeysThatOthersRelyOn() {
        JsonNode stanza = catalog.json("/api/v1/stanzas/" + STORY.stanza());

        assertThat(stanza.propertyNames()).contains("stanza", "lastBackup", "lastProof", "window", "objectives");
        assertThat(stanza.path("lastBackup").propertyNames()).contains("label", "type", "finishedAt");
        assertThat(stanza.path("lastProof").path("verdict").asString()).isEqualTo("PASSED");
        assertThat(stanza.path("window").get(0).propertyNames()).contains("from", "to");
        assertThat(stanza.path("objectives")).hasSize(2);
        assertThat(stanza.path("objectives").get(0).path("name").asString()).isEqualTo("backupAge");
        assertThat(stanza.path("objectives").get(0).path("met").asBoolean()).isTrue();
        assertThat(stanza.path("objectives").get(0).propertyNames()).contains("value", "since");
    }

    @Test
    void aRestoreTestHasTheKeysThatOthersRelyOn() {
        JsonNode test = catalog.json("/api/v1/restore-tests/" + STORY.test());

        assertThat(test.propertyNames())
                .contains(
                        "testId",
                        "stanza",
                        "label",
                        "verdict",
                        "reason",
                        "rung",
                        "target",
                        "reached",
                        "checks",
                        "timings",
                        "isolation",
                        "evidence");
        assertThat(test.path("checks").get(0).propertyNames()).contains("name", "outcome", "seconds", "detail");
        assertThat(test.path("evidence").path("sha256").asString()).isEqualTo("ab".repeat(32));
        assertThat(catalog.get(test.path("evidence").path("url").asString()).body())
                .contains("in-toto");
    }

    @Test
    void aSlotHasTheKeysThatOthersRelyOn() {
        JsonNode slot = catalog.json("/api/v1/slots?stanza=" + STORY.stanza())
                .path("items")
                .get(0);

        assertThat(slot.propertyNames()).contains("stanza", "schedule", "slot", "outcome", "requestId", "reason");
    }

    @Test
    void anInstantWithinTheWindowIsFeasibleAndOneBeforeItIsNot() {
        String base = "/api/v1/stanzas/%s/recoverability?at=".formatted(STORY.stanza());
        String end = catalog.json("/api/v1/stanzas/" + STORY.stanza())
                .path("window")
                .get(0)
                .path("to")
                .asString();

        JsonNode within = catalog.json(base + end);
        JsonNode before = catalog.json(base + "2020-01-01T00:00:00Z");

        assertThat(within.path("answer").asString()).isIn("FEASIBLE", "PROVEN");
        assertThat(within.path("commands").get(0).asString())
                .startsWith("pgbackrest --stanza=" + STORY.stanza())
                .contains("--set=" + Story.LABEL, "--type=time");
        assertThat(within.propertyNames()).contains("at", "reason", "backup", "walFrom", "walTo", "estimate", "proof");
        assertThat(before.path("answer").asString()).isEqualTo("INFEASIBLE");
        assertThat(before.path("reason").asString()).contains("before the earliest recoverable instant");
    }

    @Test
    void aBackupFromBeforeAGapIsNeverRolledForwardOverIt() {
        String stanza = "torn";
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant before = now.minus(Duration.ofHours(5));
        Instant behind = now.minus(Duration.ofHours(2));
        log.publish(discovered(stanza, "20261120-020003F", before).build());
        log.publish(discovered(stanza, "20261121-020003F", behind).build());
        log.publish(Events.repositoryObserved(stanza)
                .setWindows(List.of(
                        window(before, before.plusSeconds(3_600), "20261120-020003F", "01", "10"),
                        window(behind, now, "20261121-020003F", "20", "30")))
                .build());
        caughtUp();

        JsonNode first = recoverability(stanza, behind.plusSeconds(1));
        JsonNode torn = recoverability(stanza, behind.minusSeconds(60));

        assertThat(first.path("backup").path("label").asString()).isEqualTo("20261121-020003F");
        assertThat(torn.path("answer").asString()).isEqualTo("INFEASIBLE");
        assertThat(torn.path("reason").asString()).contains("gap");
    }

    private static BackupDiscovered.Builder discovered(String stanza, String label, Instant finished) {
        return Events.backupDiscovered(stanza, label)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished);
    }

    /** A window from one second after a backup's end on, over the segments with these last digits. */
    private static RecoverableWindow window(Instant finished, Instant to, String label, String first, String last) {
        String segment = "0000000100000000000000";
        return new RecoverableWindow(finished.plusSeconds(1), to, label, segment + first, segment + last, 1);
    }

    private static JsonNode recoverability(String stanza, Instant at) {
        return catalog.json("/api/v1/stanzas/%s/recoverability?at=%s".formatted(stanza, at));
    }

    /** A request known by now, and what the log had said of it at two instants. */
    @Test
    void aPastInstantIsAnsweredAsTheLogHadItThen() {
        String stanza = "remembered";
        var request = Events.backupRequested(stanza).build();
        UUID id = request.getRequestId();
        log.publish(request);
        log.publish(Events.backupStarted(stanza, id).build());
        Instant then = lastRecorded(
                log.publish(Events.restorePointCreated(stanza, "marker").build()));
        log.publish(Events.backupFailed(stanza, id)
                .setOccurredAt(Instant.now().plusSeconds(1))
                .build());
        caughtUp();

        // PostgreSQL keeps the plan of a question that was asked often; it must not be taken for the past
        for (int i = 0; i < 10; i++) {
            assertThat(stateOf(id)).isEqualTo("FAILED");
        }
        JsonNode past = catalog.json("/api/v1/requests/%s?asOf=%s".formatted(id, then));

        assertThat(past.path("state").asString()).isEqualTo("RUNNING");
        assertThat(texts(past.path("story"), "type")).containsExactlyInAnyOrder("BackupRequested", "BackupStarted");
        assertThat(past.path("asOf").path("instant").asString()).isEqualTo(then.toString());
        assertThat(texts(
                        catalog.json("/api/v1/backups?stanza=%s&asOf=%s".formatted(stanza, then))
                                .path("items"),
                        "status"))
                .containsExactly("RUNNING");
        assertThat(catalog.get("/api/v1/requests/%s?asOf=2020-01-01T00:00:00Z".formatted(id))
                        .statusCode())
                .isEqualTo(404);
        // nothing of the past is left behind in the connection that answered
        assertThat(stateOf(id)).isEqualTo("FAILED");
    }

    /** The timestamp of a record after which the clock of the broker has moved on. */
    private static Instant lastRecorded(RecordMetadata sent) {
        Instant at = Instant.ofEpochMilli(sent.timestamp());
        org.awaitility.Awaitility.await("the next millisecond")
                .until(() -> Instant.now().isAfter(at.plusMillis(2)));
        return at;
    }

    @Test
    void thePresentAskedForAsAPastInstantIsThePresent() {
        caughtUp();
        for (String path : List.of(
                "/api/v1/stanzas/" + STORY.stanza(),
                "/api/v1/backups?stanza=" + STORY.stanza(),
                "/api/v1/requests?limit=500&stanza=" + STORY.stanza(),
                "/api/v1/restore-tests/" + STORY.test(),
                "/api/v1/slots?stanza=" + STORY.stanza())) {
            ObjectNode now = (ObjectNode) catalog.json(path);
            ObjectNode then =
                    (ObjectNode) catalog.json(path + (path.contains("?") ? "&" : "?") + "asOf=" + Instant.now());

            assertThat(then.without("asOf")).isEqualTo(now.without("asOf"));
        }
    }

    @Test
    void whatMayBeLostAndPlannedCanBeAskedOfThePastToo() {
        String asOf = "asOf=" + Instant.now();

        assertThat(catalog.json("/api/v1/exposure/%s?%s".formatted(STORY.stanza(), asOf))
                        .path("loss")
                        .asString())
                .startsWith("PT");
        assertThat(catalog.json("/api/v1/stanzas/%s/recoverability?%s".formatted(STORY.stanza(), asOf))
                        .path("answer")
                        .asString())
                .isEqualTo("INFEASIBLE");
    }

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

    @Test
    void whatIsPublishedTwiceCountsOnce() {
        String before = caughtUp().path("sha256").asString();

        STORY.events().forEach(log::publish);
        String after = caughtUp().path("sha256").asString();

        assertThat(after).isEqualTo(before);
    }

    @Test
    void aPoisonRecordGoesToTheDeadLettersAndTheProjectionGoesOn() {
        byte[] garbage = "not an event".getBytes(StandardCharsets.UTF_8);
        log.publishRaw(Topic.BACKUP_EVENTS, "poisoned", garbage);
        UUID later = UUID.randomUUID();
        log.publish(Events.backupFailed("poisoned", later).build());

        ConsumerRecord<byte[], byte[]> letter = log.awaitDeadLetter(
                Topic.BACKUP_EVENTS,
                record -> List.of(new String(record.value(), StandardCharsets.UTF_8))
                        .contains("not an event"));
        caughtUp();

        assertThat(new String(letter.headers().lastHeader("holdfast-dlt-reason").value(), StandardCharsets.UTF_8))
                .contains("does not begin with a zero byte");
        assertThat(stateOf(later)).isEqualTo("FAILED");
    }

    @Test
    void aValueThatTheDatabaseRefusesIsSingledOut() {
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();
        log.publish(Events.backupFailed("unfit", before).build());
        // an index row has a limit of its own
        log.publish(Events.backupCompleted("unfit", UUID.randomUUID())
                .setLabel(randomText(20_000))
                .build());
        log.publish(Events.backupFailed("unfit", after).build());

        log.awaitDeadLetter(
                Topic.BACKUP_EVENTS,
                record -> new String(
                                record.headers()
                                        .lastHeader("holdfast-dlt-reason")
                                        .value(),
                                StandardCharsets.UTF_8)
                        .contains("PostgreSQL refuses a value"));
        caughtUp();

        assertThat(stateOf(before)).isEqualTo("FAILED");
        assertThat(stateOf(after)).isEqualTo("FAILED");
    }

    /** Long and incompressible. */
    private static String randomText(int length) {
        StringBuilder text = new StringBuilder();
        java.util.Random random = new java.util.Random(7);
        random.ints(length, '!', '~').forEach(c -> text.append((char) c));
        return text.toString();
    }

    @Test
    void unreadableRequestsAreLeftToTheScheduler() {
        log.publishRaw(Topic.BACKUP_REQUESTS, "poisoned", new byte[] {1, 2, 3});
        caughtUp();

        assertThat(log.deadLetters(Topic.BACKUP_REQUESTS)).isEmpty();
    }

    @Test
    void anEventOfATypeFromTheFutureIsKeptAsItIs() {
        Schema schema = SchemaBuilder.record("BackupReplicated")
                .namespace("dev.holdfast.events")
                .fields()
                .requiredString("eventId")
                .requiredString("stanza")
                .requiredString("bucket")
                .endRecord();
        String id = UUID.randomUUID().toString();
        var event = new GenericRecordBuilder(schema)
                .set("eventId", id)
                .set("stanza", "future")
                .set("bucket", "s3://elsewhere")
                .build();
        publishTo(Topic.BACKUP_EVENTS, event);
        caughtUp();

        JsonNode kept = catalog.json("/api/v1/events?type=BackupReplicated")
                .path("items")
                .get(0);
        assertThat(kept.path("eventId").asString()).isEqualTo(id);
        assertThat(kept.path("known").asBoolean()).isFalse();
        assertThat(kept.path("event").path("bucket").asString()).isEqualTo("s3://elsewhere");
    }

    /** Publishes anything anywhere. */
    private static void publishTo(Topic topic, GenericRecord record) {
        try (KafkaProducer<String, Object> producer = new KafkaProducer<>(KAFKA.producer("anybody"))) {
            producer.send(new ProducerRecord<>(topic.wireName(), "anything", record))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("not published", e);
        }
    }

    @Test
    void aFactOnATopicOfRequestsIsNotBelieved() {
        UUID forged = UUID.randomUUID();
        publishTo(
                Topic.BACKUP_REQUESTS, Events.backupCompleted("forged", forged).build());
        caughtUp();

        assertThat(catalog.get("/api/v1/requests/" + forged).statusCode()).isEqualTo(404);
        assertThat(catalog.get("/api/v1/stanzas/forged").statusCode()).isEqualTo(404);
        assertThat(catalog.json("/api/v1/events?stanza=forged").path("items")).hasSize(1);
    }

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

    private static List<String> texts(JsonNode items, String field) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(item.path(field).asString("")));
        return texts;
    }
}
