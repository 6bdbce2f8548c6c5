package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyChanged;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.schemas.DeadLetters;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.reference.HttpTable;
import dev.holdfast.testsupport.reference.ReferencePage;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** One packaged scheduler with a real Kafka and a real registry. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchedulerIT {

    @TempDir
    private static Path folder;

    private static EventLog log;
    private static RunningScheduler scheduler;
    private static String startLog;
    private static JsonNode applied;

    @BeforeAll
    static void start() {
        KafkaConnection kafka =
                KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
        log = EventLog.open(kafka);
        scheduler = RunningScheduler.started(kafka, folder.resolve("alone"), Map.of())
                .awaitReady()
                .awaitRead();
        startLog = scheduler.log();
        applied = scheduler.apply(everyMinute("due"));
    }

    @AfterAll
    static void stop() {
        scheduler.stop();
        log.close();
    }

    /** Last, because its minute passes while the others run. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aPolicyFiresAtItsSlotAndTheSlotIsConcludedWithTheRequest() {
        assertThat(applied.path("version").asInt()).isEqualTo(1);

        SlotConcluded concluded =
                log.await(SlotConcluded.class, slot -> slot.getStanza().equals("due"));
        BackupRequested request = log.await(
                BackupRequested.class,
                given -> concluded
                        .getRequestId()
                        .filter(given.getRequestId()::equals)
                        .isPresent());

        assertThat(concluded.getOutcome()).isEqualTo(SlotOutcome.REQUESTED);
        assertThat(request.getSlot()).contains(concluded.getSlot());
        assertThat(request.getOrigin()).isEqualTo(RequestOrigin.SCHEDULE);
        assertThat(request.getOccurredAt()).isAfterOrEqualTo(concluded.getSlot());
        assertThat(request.getNotAfter()).isPresent();
        assertThat(log.all(PolicyChanged.class))
                .filteredOn(changed -> changed.getStanza().equals("due"))
                .hasSize(1);
        assertThat(scheduler.delete("/api/v1/policies/due").statusCode()).isEqualTo(204);
    }

    @Test
    void theSamePolicyAgainChangesNothing() {
        scheduler.apply(everyMinute("again"));
        JsonNode again = scheduler.apply(everyMinute("again"));
        assertThat(again.path("changed").asBoolean()).isFalse();
        assertThat(again.path("version").asInt()).isEqualTo(1);
        scheduler.delete("/api/v1/policies/again");
        assertThat(log.all(PolicyChanged.class))
                .filteredOn(changed -> changed.getStanza().equals("again"))
                .hasSize(2);
        assertThat(scheduler.get("/api/v1/policies/again").statusCode()).isEqualTo(404);
    }

    @Test
    void aCompletedBackupBecomesExactlyOneRestoreTest() {
        scheduler.apply("""
                stanza: proven
                timezone: UTC
                restoreTests: [{name: after-full, after: {type: full}, target: backup-end}]
                """);
        UUID request = UUID.randomUUID();
        var completed = Events.backupCompleted("proven", request).build();
        log.publish(Events.backupRequested("proven").setRequestId(request).build());
        log.publish(Events.backupStarted("proven", request).build());
        log.publish(completed);
        log.publish(completed);
        RestoreTestRequested test =
                log.await(RestoreTestRequested.class, given -> given.getStanza().equals("proven"));
        assertThat(test.getRequestId()).isEqualTo(request);
        assertThat(test.getBackupLabel()).contains(completed.getLabel());

        laneGoesOn("proven");
        assertThat(log.all(RestoreTestRequested.class))
                .filteredOn(given -> given.getStanza().equals("proven"))
                .hasSize(1);
    }

    @Test
    void aRequestForAStanzaThatNobodyServesIsDeclaredUnknown() {
        BackupRequested request = Events.backupRequested("nobodys").build();
        log.publish(request);

        RequestUnserved unserved = unserved(request.getRequestId());

        assertThat(unserved.getUnserved()).isEqualTo(UnservedReason.UNKNOWN_STANZA);
        assertThat(unserved.getDetail()).contains("nobodys");
    }

    @Test
    void aRequestThatNobodyStartsInTimeIsDeclaredSo() {
        log.publish(Events.runnerAnnounced("idle", "waiting").build());
        BackupRequested request = Events.backupRequested("waiting")
                .setNotAfter(Instant.now().minusSeconds(120))
                .build();
        log.publish(request);

        RequestUnserved unserved = unserved(request.getRequestId());

        assertThat(unserved.getUnserved()).isEqualTo(UnservedReason.NOT_STARTED_IN_TIME);
    }

    @Test
    void aRequestThatWasCancelledIsNotMissed() {
        BackupRequested request = Events.backupRequested("cancelled").build();
        CancelRequested cancel =
                Events.cancelRequested("cancelled", request.getRequestId()).build();
        log.publish(cancel);
        log.publish(request);

        // another that nobody serves is declared, as this one would have been before it
        BackupRequested other = Events.backupRequested("cancelled").build();
        log.publish(other);
        unserved(other.getRequestId());
        assertThat(log.all(RequestUnserved.class))
                .noneMatch(unserved -> unserved.getRequestId().equals(request.getRequestId()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {
                "BACKUP_REQUESTS",
                "RESTORE_TEST_REQUESTS",
                "CONTROLS",
                "BACKUP_EVENTS",
                "REPOSITORY_EVENTS",
                "RUNNERS",
                "POLICIES"
            })
    void anUnreadableRecordIsKeptWithItsReasonAndTheLaneGoesOn(Topic topic) {
        String stanza = "garbage-" + topic.name().toLowerCase(Locale.ROOT);
        byte[] garbage = ("no event: " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        log.publishRaw(topic, stanza, garbage);

        ConsumerRecord<byte[], byte[]> letter =
                log.awaitDeadLetter(topic, record -> Arrays.equals(record.value(), garbage));

        assertThat(text(letter, DeadLetters.ORIGINAL_TOPIC)).isEqualTo(topic.wireName());
        assertThat(text(letter, DeadLetters.READER)).isEqualTo("scheduler");
        assertThat(text(letter, DeadLetters.REASON)).isNotBlank();
        assertThat(text(letter, DeadLetters.ORIGINAL_OFFSET)).matches("\\d+");
        laneGoesOn(stanza);
    }

    @Test
    void aPolicyThatDidNotComeThroughHttpAndIsInvalidIsADeadLetter() {
        Policy poison = PolicyEvents.policy("poison")
                .setDefinition(
                        PolicyDefinition.newBuilder(PolicyEvents.definition().build())
                                .setTimezone("Middle/Earth")
                                .build())
                .build();
        log.publish(poison);

        ConsumerRecord<byte[], byte[]> letter = log.awaitDeadLetter(
                Topic.POLICIES, record -> text(record, DeadLetters.REASON).contains("Middle/Earth"));

        assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("poison");
        assertThat(scheduler.get("/api/v1/policies/poison").statusCode()).isEqualTo(404);
        laneGoesOn("poison");
    }

    @Test
    void anInvalidPolicyIsAProblemThatNamesLineAndField() {
        HttpResponse<String> answer = scheduler.post("/api/v1/policies", "application/yaml", """
                stanza: mcpgov
                timezone: Middle/Earth
                backups:
                  - {name: nightly, type: full, cron: "0 25 * * *"}
                """);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = RunningScheduler.json(answer);
        assertThat(problem.path("type").asString()).isEqualTo("urn:holdfast:problem:invalid-policy");
        assertThat(problem.path("errors"))
                .extracting(error ->
                        error.path("line").asInt() + " " + error.path("field").asString())
                .containsExactlyInAnyOrder("2 timezone", "4 backups[0].cron");
    }

    @Test
    void theSameIdempotencyKeyIsTheSameRequest() {
        String body = """
                {"stanza": "adhoc", "type": "full", "reason": "before the upgrade"}""";
        HttpResponse<String> one =
                scheduler.post("/api/v1/backup-requests", "application/json", body, "Idempotency-Key", "ticket-4711");
        HttpResponse<String> other =
                scheduler.post("/api/v1/backup-requests", "application/json", body, "Idempotency-Key", "ticket-4711");
        HttpResponse<String> third =
                scheduler.post("/api/v1/backup-requests", "application/json", body, "Idempotency-Key", "ticket-4712");

        String requestId = RunningScheduler.json(one).path("requestId").asString();
        assertThat(List.of(one.statusCode(), other.statusCode())).containsOnly(202);
        assertThat(one.headers().firstValue("Location")).contains("/api/v1/requests/" + requestId);
        assertThat(RunningScheduler.json(other).path("requestId").asString()).isEqualTo(requestId);
        assertThat(RunningScheduler.json(third).path("requestId").asString()).isNotEqualTo(requestId);
        BackupRequested published = log.await(
                BackupRequested.class,
                request -> request.getRequestId().toString().equals(requestId));
        assertThat(published.getReason()).isEqualTo("before the upgrade");
        HttpResponse<String> another = scheduler.post(
                "/api/v1/backup-requests",
                "application/json",
                body.replace("full", "diff"),
                "Idempotency-Key",
                "ticket-4711");
        HttpResponse<String> reordered = scheduler.post(
                "/api/v1/backup-requests",
                "application/json",
                "{\"reason\": \"before the upgrade\", \"type\": \"full\", \"stanza\": \"adhoc\"}",
                "Idempotency-Key",
                "ticket-4711");
        assertThat(another.statusCode()).isEqualTo(422);
        assertThat(RunningScheduler.json(another).path("type").asString())
                .isEqualTo("urn:holdfast:problem:idempotency-key-reused");
        assertThat(reordered.statusCode()).isEqualTo(202);
        assertThat(unserved(published.getRequestId()).getStanza()).isEqualTo("adhoc");
        assertThat(log.all(RequestUnserved.class))
                .filteredOn(given -> given.getRequestId().equals(published.getRequestId()))
                .hasSize(1);
    }

    @Test
    void whoHasSeenAnOlderPolicyDoesNotUndoTheNewerOne() {
        scheduler.apply(everyMinute("shared"));
        String seen = scheduler
                .get("/api/v1/policies/shared")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        scheduler.post("/api/v1/policies/shared/pause?reason=moving", "application/yaml", "");

        HttpResponse<String> late =
                scheduler.post("/api/v1/policies", "application/yaml", everyMinute("shared"), "If-Match", seen);
        HttpResponse<String> again =
                scheduler.post("/api/v1/policies", "application/yaml", everyMinute("shared"), "If-None-Match", "*");

        assertThat(List.of(late.statusCode(), again.statusCode())).containsOnly(412);
        assertThat(RunningScheduler.json(late).path("type").asString())
                .isEqualTo("urn:holdfast:problem:policy-changed");
        String now = scheduler
                .get("/api/v1/policies/shared")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(scheduler
                        .post("/api/v1/policies/shared/resume", "application/yaml", "", "If-Match", now)
                        .statusCode())
                .isEqualTo(200);
        assertThat(scheduler.delete("/api/v1/policies/shared").statusCode()).isEqualTo(204);
    }

    @Test
    void theNextSlotsAreToldOverAChangeDay() {
        HttpResponse<String> answer =
                scheduler.post("/api/v1/policies/next?count=3&from=2026-10-24T12:00:00Z", "application/yaml", """
                stanza: berlin
                timezone: Europe/Berlin
                backups: [{name: nightly, type: full, cron: "30 2 * * *"}]
                blackouts: [{name: monday, cron: "0 0 * * 1", for: 6h}]
                """);

        JsonNode items = RunningScheduler.json(answer).path("items");
        assertThat(items)
                .extracting(item -> item.path("slot").asString())
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z");
        assertThat(items.get(0).path("local").asString()).isEqualTo("2026-10-25T02:30+02:00");
        assertThat(items.get(1).path("blackout").asString()).isEqualTo("monday");
    }

    @Test
    void aPauseIsAFactAndShowsInWhatComesNext() {
        scheduler.apply(everyMinute("paused"));
        HttpResponse<String> paused =
                scheduler.post("/api/v1/policies/paused/pause?reason=moving", "application/yaml", "");
        assertThat(RunningScheduler.json(paused).path("pause").path("reason").asString())
                .isEqualTo("moving");
        JsonNode next = RunningScheduler.json(scheduler.get("/api/v1/policies/paused/next?count=1"));
        assertThat(next.path("items").get(0).path("pause").asString()).contains("moving");

        assertThat(scheduler
                        .post("/api/v1/policies/paused/resume", "application/yaml", "")
                        .statusCode())
                .isEqualTo(200);
        scheduler.delete("/api/v1/policies/paused");

        assertThat(log.all(PolicyChanged.class))
                .filteredOn(changed -> changed.getStanza().equals("paused"))
                .extracting(changed -> changed.getPause().isPresent())
                .containsExactly(false, true, false, false);
    }

    @Test
    void whatARepositoryHoldsBecomesObjectivesAndCoverage() {
        scheduler.apply("""
                stanza: kept
                timezone: UTC
                objectives: {rpo: 15m}
                """);
        log.publish(Events.repositoryObserved("kept").build());

        assertThat(log.await(
                                ProofCoverageObserved.class,
                                given -> given.getStanza().equals("kept"))
                        .getBackupsRetained())
                .isEqualTo(1);
        assertThat(log.await(ObjectiveMet.class, given -> given.getStanza().equals("kept"))
                        .getLimitSeconds())
                .isEqualTo(900);
    }

    @Test
    void theInterfaceDescribesItself() {
        JsonNode described = RunningScheduler.json(scheduler.get("/v3/api-docs"));
        assertThat(described.path("paths").propertyNames())
                .contains("/api/v1/policies", "/api/v1/backup-requests", "/api/v1/restore-test-requests");
    }

    @Test
    void thePageOfHttpHasEveryAddressOfTheDescription() {
        ReferencePage.section("http.md", "scheduler")
                .holds(HttpTable.of(
                        "scheduler-service", scheduler.get("/v3/api-docs").body()));
    }

    @Test
    void aQuietStartWarnsOfNothing() {
        assertThat(startLog.lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                // the very first start: Streams makes its own topics when it is first asked for them
                .allMatch(line -> line.contains("-repartition=UNKNOWN_TOPIC_OR_PARTITION"));
    }

    private static String everyMinute(String stanza) {
        return """
                stanza: %s
                timezone: UTC
                backups: [{name: minutely, type: full, cron: "* * * * *"}]
                """.formatted(stanza);
    }

    /** A request of the stanza that comes after everything else is answered: what came before has been dealt with. */
    private static void laneGoesOn(String stanza) {
        // too late already, so it is answered as soon as it is read
        BackupRequested request = Events.backupRequested(stanza)
                .setNotAfter(Instant.now().minusSeconds(120))
                .build();
        log.publish(request);
        unserved(request.getRequestId());
    }

    private static RequestUnserved unserved(UUID requestId) {
        return log.await(
                RequestUnserved.class, unserved -> unserved.getRequestId().equals(requestId));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null ? "" : new String(found.value(), StandardCharsets.UTF_8);
    }
}
