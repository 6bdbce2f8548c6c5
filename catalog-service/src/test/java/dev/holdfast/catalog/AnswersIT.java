package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.CLUSTER;
import static dev.holdfast.catalog.SharedCatalog.STORY;
import static dev.holdfast.catalog.SharedCatalog.caughtUp;
import static dev.holdfast.catalog.SharedCatalog.stateOf;
import static dev.holdfast.catalog.SharedCatalog.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the catalog answers about a story with everything in it. */
class AnswersIT {

    private final EventLog log = SharedCatalog.log();
    private final RunningCatalog catalog = SharedCatalog.catalog();

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
        assertThat(texts(within.path("procedures"), "environment")).containsExactly("HOST", "COMPOSE", "KUBERNETES");
        assertThat(within.path("procedures").get(0).path("commands").get(1).asString())
                .startsWith("sudo -u postgres pgbackrest --stanza=" + STORY.stanza())
                .endsWith("--target-action=promote --delta restore");
        assertThat(within.path("procedures").get(2).path("commands").toString())
                .contains("statefulset/%s-db".formatted(STORY.stanza()), "TARGET=");
        assertThat(before.path("procedures").isEmpty()).isTrue();
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
        // more than are looked at first had begun by then, and had not ended
        for (int number = 10; number < 22; number++) {
            log.publish(discovered(stanza, "20261121-0201%dF".formatted(number), behind.plusSeconds(600))
                    .setStartedAt(behind.minusSeconds(5))
                    .build());
        }
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

    private JsonNode recoverability(String stanza, Instant at) {
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
    void aPastThatIsTooMuchToFoldIsRefusedAndAStanzaOfItIsAnswered() {
        String now = Instant.now().toString();
        CLUSTER.sqlIn("catalog", """
                insert into holdfast.events (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, payload)
                select 'BackupRejected', true, 'holdfast.backup.events', 0, n, now() - interval '1 hour', gen_random_uuid(), now() - interval '1 hour', 'too-much', '{}'
                from generate_series(1, 50001) n""");
        try {
            HttpResponse<String> ofAll = catalog.get("/api/v1/backups?asOf=" + now);
            HttpResponse<String> ofOne = catalog.get("/api/v1/backups?stanza=too-much&asOf=" + now);

            assertThat(ofAll.statusCode()).isEqualTo(400);
            assertThat(ofAll.body()).contains("more than 50000 things", "ask about one stanza");
            assertThat(ofOne.statusCode()).isEqualTo(400);
            assertThat(ofOne.body()).contains("more than 50000 things", "/api/v1/events with until=");
            assertThat(catalog.get("/api/v1/exports/backups?asOf=" + now).statusCode())
                    .isEqualTo(400);
            assertThat(catalog.json("/api/v1/backups?stanza=%s&asOf=%s".formatted(STORY.stanza(), now))
                            .path("items"))
                    .isNotEmpty();
        } finally {
            CLUSTER.sqlIn("catalog", "delete from holdfast.events where stanza = 'too-much'");
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
    void aFleetThatIsKeptUpToDateIsTheOneThatIsPutTogetherAnew() {
        String stanza = "kept-up-to-date";
        String other = "kept-aside";
        UUID request = UUID.randomUUID();
        List<SpecificRecord> news = List.of(
                Events.backupCompleted(other, UUID.randomUUID()).build(),
                Events.runnerAnnounced("keeper", stanza, other).build(),
                Events.backupFailed(stanza, request).build(),
                // no longer of the one, which then nothing says
                Events.runnerAnnounced("keeper", other)
                        .setOccurredAt(Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.MICROS))
                        .build(),
                // the same request, of another stanza: by the lesser name the request becomes the other's
                Events.backupFailed(other, request).build());
        caughtUp();
        String kept = "/api/v1/stanzas?limit=500";
        catalog.json(kept);

        int limit = 499;
        for (SpecificRecord event : news) {
            log.publish(event);
            caughtUp();

            // a page that nobody has asked for is put together as a whole
            assertThat(catalog.json(kept).path("items"))
                    .as("after %s", event)
                    .isEqualTo(catalog.json("/api/v1/stanzas?limit=" + limit).path("items"));
            limit--;
        }

        assertThat(texts(catalog.json(kept).path("items"), "stanza")).contains(stanza, other);
    }

    @Test
    void aRequestThatTheSchedulerHoldsBackSaysWhyUntilItIsAskedFor() {
        UUID id = UUID.randomUUID();
        log.publish(PolicyEvents.requestQueued("held-back", id).build());
        caughtUp();

        JsonNode queued = catalog.json("/api/v1/requests/" + id);
        assertThat(queued.path("state").asString()).isEqualTo("QUEUED");
        assertThat(queued.path("stanza").asString()).isEqualTo("held-back");
        assertThat(queued.path("queued").path("cause").asString()).isEqualTo("POOL_FULL");
        assertThat(queued.path("queued").path("pool").asString()).isEqualTo("db1");
        assertThat(catalog.get("/requests/" + id).body())
                .contains("Waits for a free place since", "the runners of pool &#39;db1&#39; have 4 of 4 requests");
        for (String list : List.of("requests", "requests?state=QUEUED", "backups", "backups?outcome=QUEUED")) {
            assertThat(texts(of("held-back", "/api/v1/" + list), "requestId"))
                    .as(list)
                    .containsExactly(id.toString());
            assertThat(page("held-back", "/" + list)).as(list).contains(id.toString(), "queued");
        }
        assertThat(of("held-back", "/api/v1/requests?state=REQUESTED").isEmpty())
                .isTrue();
        assertThat(catalog.json("/api/v1/stanzas/held-back").path("queued").asInt())
                .isEqualTo(1);
        assertThat(catalog.get("/").body()).contains("1 waits for a free place");

        log.publish(PolicyEvents.slotConcluded("held-back", id).build());
        log.publish(Events.backupRequested("held-back").setRequestId(id).build());
        caughtUp();

        JsonNode asked = catalog.json("/api/v1/requests/" + id);
        assertThat(asked.path("state").asString()).isEqualTo("REQUESTED");
        assertThat(asked.path("queued").isNull()).isTrue();
        assertThat(texts(asked.path("story"), "type")).contains("RequestQueued");
        assertThat(texts(of("held-back", "/api/v1/requests"), "state")).containsExactly("REQUESTED");
        assertThat(of("held-back", "/api/v1/backups").isEmpty()).isTrue();
        assertThat(catalog.get("/requests/" + id).body()).contains("No runner has taken it yet.");
    }

    @Test
    void aRestoreTestThatTheSchedulerHoldsBackIsListedUntilItIsAskedFor() {
        UUID request = UUID.randomUUID();
        UUID test = UUID.randomUUID();
        log.publish(PolicyEvents.requestQueued("held-test", request)
                .setKind(RequestKind.RESTORE_TEST)
                .setTestId(test)
                .build());
        caughtUp();

        assertThat(texts(of("held-test", "/api/v1/restore-tests"), "state")).containsExactly("QUEUED");
        assertThat(texts(of("held-test", "/api/v1/requests"), "kind")).containsExactly("RESTORE_TEST");
        assertThat(of("held-test", "/api/v1/backups").isEmpty()).isTrue();
        assertThat(page("held-test", "/restore-tests")).contains(test.toString(), "due ");
        assertThat(catalog.get("/restore-tests/" + test).body()).contains("Waits for a free place since");

        log.publish(ProofEvents.restoreTestRequested("held-test")
                .setRequestId(request)
                .setTestId(test)
                .build());
        caughtUp();

        assertThat(texts(of("held-test", "/api/v1/restore-tests"), "state")).containsExactly("REQUESTED");
        assertThat(texts(of("held-test", "/api/v1/requests"), "state")).containsExactly("REQUESTED");
    }

    @Test
    void aRequestThatIsGivenUpInTheQueueSaysWhyAndIsInNoListOfRequests() {
        UUID late = UUID.randomUUID();
        UUID calledOff = UUID.randomUUID();
        Instant slot = Instant.now().truncatedTo(ChronoUnit.HOURS);
        log.publish(PolicyEvents.requestQueued("given-up", late).setSlot(slot).build());
        log.publish(PolicyEvents.requestQueued("given-up", calledOff)
                .setSchedule(null)
                .setSlot(null)
                .build());
        log.publish(PolicyEvents.slotConcluded("given-up", late)
                .setSlot(slot)
                .setOutcome(SlotOutcome.MISSED)
                .setRequestId(null)
                .setRequestedType(null)
                .setReason("it waited for a free place until 03:00")
                .build());
        log.publish(Events.cancelRequested("given-up", calledOff).build());
        caughtUp();

        JsonNode missed = catalog.json("/api/v1/requests/" + late);
        assertThat(missed.path("state").asString()).isEqualTo("UNSERVED");
        assertThat(missed.path("failure").path("message").asString()).contains("until 03:00");
        JsonNode cancelled = catalog.json("/api/v1/requests/" + calledOff);
        assertThat(cancelled.path("state").asString()).isEqualTo("CANCELLED");
        assertThat(cancelled.path("stanza").asString()).isEqualTo("given-up");
        assertThat(of("given-up", "/api/v1/requests").isEmpty()).isTrue();
        assertThat(of("given-up", "/api/v1/backups").isEmpty()).isTrue();
        assertThat(catalog.get("/requests/" + calledOff).body()).contains("called off while it waited");
    }

    @Test
    void whatIsKnownOnlyFromBeingLeftAloneOrRefusedHasItsPlaceByThen() {
        String stanza = "known-from-its-end";
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<UUID> newestFirst = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        UUID test = UUID.randomUUID();
        log.publish(Events.backupFailed(stanza, newestFirst.get(3))
                .setOccurredAt(now.minusSeconds(40))
                .build());
        log.publish(PolicyEvents.requestUnserved(stanza, newestFirst.get(0))
                .setOccurredAt(now.minusSeconds(10))
                .build());
        log.publish(PolicyEvents.requestUnserved(stanza, newestFirst.get(1))
                .setKind(RequestKind.RESTORE_TEST)
                .setTestId(test)
                .setOccurredAt(now.minusSeconds(20))
                .build());
        log.publish(Events.backupRejected(stanza, newestFirst.get(2))
                .setOccurredAt(now.minusSeconds(30))
                .build());
        // said once more: the first word counts
        log.publish(PolicyEvents.requestUnserved(stanza, newestFirst.get(1))
                .setKind(RequestKind.RESTORE_TEST)
                .setTestId(test)
                .setOccurredAt(now)
                .build());
        caughtUp();

        String since = "?from=" + now.minusSeconds(60);
        assertThat(texts(of(stanza, "/api/v1/requests" + since), "requestId"))
                .containsExactlyElementsOf(
                        newestFirst.stream().map(UUID::toString).toList());
        assertThat(texts(of(stanza, "/api/v1/restore-tests" + since), "testId")).containsExactly(test.toString());
    }

    private JsonNode of(String stanza, String list) {
        return catalog.json(list + (list.contains("?") ? "&" : "?") + "stanza=" + stanza)
                .path("items");
    }

    private String page(String stanza, String path) {
        return catalog.get(path + (path.contains("?") ? "&" : "?") + "stanza=" + stanza)
                .body();
    }
}
