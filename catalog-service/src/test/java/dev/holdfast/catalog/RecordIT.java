package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.STORY;
import static dev.holdfast.catalog.SharedCatalog.caughtUp;
import static dev.holdfast.catalog.SharedCatalog.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.ArchiverState;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.Verdict;
import dev.holdfast.events.WalGap;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the record as a whole says: what is missing, what happened in a period, what goes next, who is without a valid backup. */
class RecordIT {

    private static final String OLD = "20261018-020003F";
    private static final String YOUNG = "20261025-020003F";

    private final EventLog log = SharedCatalog.log();
    private final RunningCatalog catalog = SharedCatalog.catalog();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Test
    void stanzasWithoutAValidBackupAreNamedAlsoThoseThatNeverHadOne() {
        for (String stanza : List.of("valid", "stale", "broken", "never", "torn-backup", "refuted")) {
            log.publish(Events.runnerAnnounced("pool-of-" + stanza, stanza).build());
        }
        set("valid", YOUNG, Duration.ofHours(2), BackupStatus.COMPLETE);
        set("stale", YOUNG, Duration.ofHours(30), BackupStatus.COMPLETE);
        set("broken", YOUNG, Duration.ofHours(2), BackupStatus.COMPLETE_WITH_ERRORS);
        completed("torn-backup", YOUNG, Duration.ofHours(2));
        log.publish(Events.repositoryObserved("torn-backup")
                .setGaps(List.of(new WalGap("15-1", 1, "000000010000000000000005", "000000010000000000000006", 2L)))
                .build());
        set("refuted", YOUNG, Duration.ofHours(2), BackupStatus.COMPLETE);
        log.publish(ProofEvents.restoreTestCompleted("refuted", UUID.randomUUID(), UUID.randomUUID())
                .setLabel(YOUNG)
                .setVerdict(Verdict.FAILED)
                .build());
        caughtUp();

        List<String> without = texts(
                catalog.json("/api/v1/stanzas?withoutValidBackupFor=PT24H").path("items"), "stanza");

        assertThat(without)
                .contains("stale", "broken", "never", "torn-backup", "refuted")
                .doesNotContain("valid");
        assertThat(texts(
                        catalog.json("/api/v1/stanzas?withoutValidBackupFor=PT48H")
                                .path("items"),
                        "stanza"))
                .doesNotContain("stale");
        assertThat(catalog.get("/api/v1/stanzas?withoutValidBackupFor=soon").body())
                .contains("expected a length of time such as PT24H");
    }

    private void set(String stanza, String label, Duration ago, BackupStatus status) {
        Instant finished = now.minus(ago);
        log.publish(Events.backupDiscovered(stanza, label)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished)
                .setStatus(status)
                .build());
    }

    private UUID completed(String stanza, String label, Duration ago) {
        UUID request = UUID.randomUUID();
        Instant finished = now.minus(ago);
        log.publish(Events.backupRequested(stanza).setRequestId(request).build());
        log.publish(Events.backupCompleted(stanza, request)
                .setLabel(label)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished)
                .build());
        return request;
    }

    @Test
    void whatIsMissingIsNamedWhateverItIs() {
        String stanza = "lossy";
        UUID unasked = UUID.randomUUID();
        UUID unsigned = UUID.randomUUID();
        log.publish(Events.backupVanished(stanza, OLD).build());
        log.publish(Events.repositoryObserved(stanza)
                .setGaps(List.of(new WalGap("15-1", 1, "000000010000000000000002", "000000010000000000000003", 2L)))
                .setForeignTimelines(List.of(7))
                .build());
        log.publish(Events.backupStarted(stanza, unasked).build());
        log.publish(ProofEvents.restoreTestCompleted(stanza, UUID.randomUUID(), unsigned)
                .build());
        log.publishRaw(Topic.REPOSITORY_EVENTS, stanza, "no event".getBytes(StandardCharsets.UTF_8));
        caughtUp();

        JsonNode missing = catalog.json("/api/v1/missing?stanza=" + stanza);

        assertThat(missing.path("nothing").asBoolean()).isFalse();
        assertThat(texts(missing.path("vanished"), "label")).containsExactly(OLD);
        assertThat(texts(missing.path("walGaps"), "first")).containsExactly("000000010000000000000002");
        assertThat(missing.path("foreignTimelines").get(0).path("timeline").asInt())
                .isEqualTo(7);
        assertThat(texts(missing.path("unknownRequests"), "requestId")).contains(unasked.toString());
        assertThat(texts(missing.path("missingEvidence"), "testId")).containsExactly(unsigned.toString());
        assertThat(texts(missing.path("unreadable"), "topic")).contains(Topic.REPOSITORY_EVENTS.wireName());
        assertThat(catalog.get("/missing?stanza=" + stanza).body())
                .contains("Backups that are gone", OLD, "Records that nobody can read");
    }

    @Test
    void aClusterThatCannotArchiveIsInTroubleSinceItsLastSegment() {
        String stanza = "congested";
        Instant last = Instant.parse("2026-11-22T02:00:00Z");
        log.publish(Events.repositoryObserved(stanza)
                .setArchiver(ArchiverState.newBuilder()
                        .setArchived(7)
                        .setLastArchived("000000010000000000000007")
                        .setLastArchivedAt(last)
                        .setFailed(12)
                        .setLastFailed("000000010000000000000008")
                        .setLastFailedAt(last.plusSeconds(60))
                        .setFailing(true)
                        .build())
                .build());
        caughtUp();

        JsonNode found = catalog.json("/api/v1/stanzas/" + stanza);

        JsonNode archiver = found.path("repositories").get(0).path("archiver");
        assertThat(archiver.path("failing").asBoolean()).isTrue();
        assertThat(archiver.path("failed").asLong()).isEqualTo(12);
        assertThat(archiver.path("lastFailed").asText()).isEqualTo("000000010000000000000008");
        assertThat(catalog.get("/stanzas/" + stanza).body())
                .contains("cannot archive WAL segment 000000010000000000000008", "2026-11-22 02:00:00 UTC");
        assertThat(catalog.get("/actuator/prometheus").body())
                .contains("holdfast_archiver_failing{repository=\"1\",stanza=\"congested\"} 1.0");
    }

    @Test
    void beforeAnythingWasMissingNothingWas() {
        caughtUp();

        JsonNode missing =
                catalog.json("/api/v1/missing?stanza=%s&asOf=2020-01-01T00:00:00Z".formatted(STORY.stanza()));

        assertThat(missing.path("nothing").asBoolean()).isTrue();
    }

    @Test
    void anAuditCountsPopulationAndSampleAndFindsTheRemedyOfAFailure() {
        String stanza = "audited";
        UUID failed = UUID.randomUUID();
        log.publish(Events.runnerAnnounced("pool-of-" + stanza, stanza).build());
        log.publish(Events.backupRequested(stanza).setRequestId(failed).build());
        log.publish(Events.backupFailed(stanza, failed).build());
        UUID good = completed(stanza, YOUNG, Duration.ofHours(1));
        completed(stanza, OLD, Duration.ofDays(40));
        UUID refuted = UUID.randomUUID();
        log.publish(test(stanza, refuted, Verdict.FAILED, 40));
        UUID passed = UUID.randomUUID();
        log.publish(test(stanza, passed, Verdict.PASSED, 20));
        log.publish(PolicyEvents.slotConcluded(stanza, good)
                .setSlot(now.minusSeconds(7_200))
                .build());
        caughtUp();

        JsonNode audit = catalog.json("/api/v1/audit?stanza=" + stanza);

        JsonNode figures = audit.path("total");
        assertThat(figures.path("backups").asInt()).isEqualTo(1);
        assertThat(figures.path("backupsTested").asInt()).isEqualTo(1);
        assertThat(figures.path("backupsProven").asInt()).isEqualTo(1);
        assertThat(figures.path("backupRunsFailed").asInt()).isEqualTo(1);
        assertThat(figures.path("testsPassed").asInt()).isEqualTo(1);
        assertThat(figures.path("testsFailed").asInt()).isEqualTo(1);
        assertThat(figures.path("slots").asInt()).isEqualTo(1);
        assertThat(audit.path("stanzas")).hasSize(1);
        assertThat(texts(audit.path("failures"), "id"))
                .containsExactlyInAnyOrder(failed.toString(), refuted.toString());
        assertThat(texts(audit.path("failures"), "remedyId")).contains(passed.toString());
        assertThat(catalog.json("/api/v1/audit?from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z&stanza=" + stanza)
                        .path("total")
                        .path("backups")
                        .asInt())
                .isZero();
        assertThat(catalog.get("/api/v1/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .statusCode())
                .isEqualTo(400);
    }

    private org.apache.avro.specific.SpecificRecord test(String stanza, UUID id, Verdict verdict, int minutesAgo) {
        Instant end = now.minus(Duration.ofMinutes(minutesAgo));
        return ProofEvents.restoreTestCompleted(stanza, UUID.randomUUID(), id)
                .setLabel(YOUNG)
                .setVerdict(verdict)
                .setStartedAt(end.minusSeconds(10))
                .setFinishedAt(end)
                .build();
    }

    @Test
    void aPeriodOfRequestsAndTestsCanBeTakenAlong() {
        String stanza = "exported";
        log.publish(Events.backupRequested(stanza).build());
        log.publish(ProofEvents.restoreTestRequested(stanza).build());
        caughtUp();

        for (String list : List.of("requests", "restore-tests")) {
            String export = "/api/v1/exports/%s?stanza=%s&format=jsonl&from=%s".formatted(list, stanza, "%s");
            assertThat(catalog.get(export.formatted(now.minusSeconds(3_600)))
                            .body()
                            .lines())
                    .isNotEmpty();
            assertThat(catalog.get(export.formatted(now.plusSeconds(3_600)))
                            .body()
                            .lines())
                    .isEmpty();
        }
    }

    @Test
    void whatExpiresNextFollowsFromWhatTheRunnerSaysIsConfigured() {
        String stanza = "kept";
        set(stanza, OLD, Duration.ofDays(8), BackupStatus.COMPLETE);
        set(stanza, YOUNG, Duration.ofDays(1), BackupStatus.COMPLETE);
        log.publish(Events.backupDiscovered(stanza, OLD + "_20261019-020003D")
                .setType(dev.holdfast.events.BackupType.DIFF)
                .setPrior(OLD)
                .setStartedAt(now.minus(Duration.ofDays(7)))
                .setFinishedAt(now.minus(Duration.ofDays(7)).plusSeconds(10))
                .build());
        log.publish(Events.repositoryObserved(stanza)
                .setRetention(Map.of("repo1-retention-full", "2"))
                .build());
        caughtUp();

        JsonNode repository = catalog.json("/api/v1/stanzas/%s/expiry".formatted(stanza))
                .path("repositories")
                .get(0);

        assertThat(repository.path("explanation").asString()).startsWith("2 full backups are kept");
        JsonNode next = repository.path("next").get(0);
        assertThat(next.path("label").asString()).isEqualTo(OLD);
        assertThat(next.path("trigger").asString()).isEqualTo("NEXT_FULL");
        assertThat(next.path("takesAlong").get(0).asString()).isEqualTo(OLD + "_20261019-020003D");
        assertThat(next.path("earliestAfterwards").asString())
                .isEqualTo(now.minus(Duration.ofDays(1)).plusSeconds(1).toString());
        assertThat(catalog.get("/stanzas/%s/expiry".formatted(stanza)).body())
                .contains("when the next full backup is complete");
    }

    @Test
    void aRunnerThatDoesNotSayWhatIsKeptGetsNoForecast() {
        String stanza = "unsaid";
        set(stanza, OLD, Duration.ofDays(8), BackupStatus.COMPLETE);
        log.publish(Events.repositoryObserved(stanza).build());
        caughtUp();

        JsonNode repository = catalog.json("/api/v1/stanzas/%s/expiry".formatted(stanza))
                .path("repositories")
                .get(0);

        assertThat(repository.path("next")).isEmpty();
        assertThat(repository.path("explanation").asString()).contains("nothing can be foretold");
    }

    @Test
    void aSlotTellsWhatBecameOfItsRequestAndSoDoesItsDay() {
        String stanza = "slotted";
        UUID request = UUID.randomUUID();
        log.publish(PolicyEvents.slotConcluded(stanza, request).setSlot(now).build());
        log.publish(Events.backupRequested(stanza).setRequestId(request).build());
        log.publish(Events.backupFailed(stanza, request).build());
        caughtUp();

        JsonNode slot =
                catalog.json("/api/v1/slots?stanza=" + stanza).path("items").get(0);
        JsonNode day = catalog.json("/api/v1/slots/days?stanza=%s&to=%s".formatted(stanza, now.plusSeconds(1)))
                .path("items")
                .get(0);

        assertThat(slot.path("requestState").asString()).isEqualTo("FAILED");
        assertThat(day.path("requestState").asString()).isEqualTo("FAILED");
        assertThat(day.path("day").asString()).isEqualTo(now.toString().substring(0, 10));
        assertThat(day.path("slots").asInt()).isEqualTo(1);
        assertThat(catalog.get("/calendar?stanza=" + stanza).body()).contains("1 failed or missed");
    }

    @Test
    void restorePointsAreListedTheNewestFirst() {
        String stanza = "pointed";
        log.publish(Events.restorePointCreated(stanza, "first")
                .setCreatedAt(now.minusSeconds(60))
                .build());
        log.publish(
                Events.restorePointCreated(stanza, "second").setCreatedAt(now).build());
        log.publish(Events.runnerAnnounced("pool-of-" + stanza, stanza).build());
        caughtUp();

        assertThat(texts(
                        catalog.json("/api/v1/stanzas/%s/restore-points".formatted(stanza))
                                .path("items"),
                        "name"))
                .containsExactly("second", "first");
    }

    @Test
    void aTraceGoesFromTheRequestIntoItsStory() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var request = Events.backupRequested("traced").build();
        log.publish(request, new Causation(Optional.empty(), Optional.of(trace)));
        log.publish(
                Events.backupFailed("traced", request.getRequestId()).build(),
                new Causation(Optional.of(request.getEventId()), Optional.of(trace)));
        caughtUp();

        JsonNode story =
                catalog.json("/api/v1/requests/" + request.getRequestId()).path("story");

        assertThat(texts(story, "traceparent")).containsExactly(trace, trace);
        assertThat(catalog.get("/requests/" + request.getRequestId()).body()).contains(trace);
    }
}
