package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestToBackupIT {

    private final RunnerStage stage = RunnerStage.open();
    private AppProcess runner;

    @BeforeAll
    void startTheRunner() {
        runner = stage.runner("one");
    }

    @AfterAll
    void close() {
        stage.close();
    }

    @Test
    void aRequestBecomesABackupAndEveryFieldOfItsFactIsFilled() {
        BackupRequested request = stage.request()
                .setProof(ProofWish.AFTER_COMPLETION)
                .setLabels(Map.of("ticket", "OPS-1"))
                .setOptions(Map.of("compress-type", "lz4", "process-max", "2"))
                .build();

        BackupCompleted done = stage.awaitCompleted(stage.publish(request));

        assertThat(stage.repository().labels()).contains(done.getLabel());
        assertThat(done.getRequestedType()).isEqualTo(BackupType.FULL);
        assertThat(done.getEffectiveType()).isEqualTo(BackupType.FULL);
        assertThat(done.getTypeChangeReason()).isEmpty();
        assertThat(done.getStatus()).isEqualTo(BackupStatus.COMPLETE);
        assertThat(done.getWalStart()).isPresent();
        assertThat(done.getWalStop()).isPresent();
        assertThat(done.getLsnStart()).isPresent();
        assertThat(done.getLsnStop()).isPresent();
        assertThat(done.getTimeline()).contains(1);
        assertThat(done.getDatabaseBytes()).isPositive();
        assertThat(done.getDeltaBytes()).isEqualTo(done.getDatabaseBytes());
        assertThat(done.getRepositoryBytes().orElseThrow()).isPositive();
        assertThat(done.getRepositoryDeltaBytes()).isPositive();
        assertThat(done.getRepository()).isEqualTo(1);
        assertThat(done.getPostgresqlVersion()).isEqualTo("15");
        assertThat(done.getSystemId()).isEqualTo(stage.cluster().systemIdentifier());
        assertThat(done.getEncryption()).isEqualTo("none");
        assertThat(done.getCompression()).contains("lz4");
        assertThat(done.getRecovered()).isFalse();
        assertThat(done.getPgbackrestVersion()).startsWith("2.");
        assertThat(done.getPgbackrestMillis().orElseThrow()).isPositive();
        assertThat(done.getRequestedBy()).contains(request.getRequestedBy());
        assertThat(done.getOrigin()).isEqualTo(request.getOrigin());
        assertThat(done.getReason()).isEqualTo(request.getReason());
        assertThat(done.getLabels()).containsEntry("ticket", "OPS-1");
        assertThat(done.getProofWanted()).isTrue();
        assertThat(done.getFinishedAt()).isAfterOrEqualTo(done.getStartedAt());
    }

    @Test
    void theIntentIsInTheLogBeforeTheBackup() {
        UUID id = stage.publish(stage.request().build());

        stage.awaitCompleted(id);

        BackupStarted started = stage.awaitStarted(id);
        assertThat(started.getAttempt()).isEqualTo(1);
        assertThat(started.getRunner()).isEqualTo(stage.runners().instance("one"));
        assertThat(started.getArgumentDigest()).matches("[0-9a-f]{64}");
        assertThat(started.getConfigurationHash()).matches("[0-9a-f]{64}");
    }

    @Test
    void aRequestIdSeenTwiceIsServedOnceAndTheSecondIsADuplicate() {
        BackupRequested request = stage.request().build();
        UUID id = stage.publish(request);
        stage.publish(request);

        BackupRejected rejected = stage.awaitRejected(id);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.DUPLICATE);
        stage.assertOneBackup(id);
    }

    @Test
    void anOptionOutsideTheClosedListIsRefusedWithTheListOfThoseThatCanBeSet() {
        UUID id = stage.publish(stage.request()
                .setOptions(Map.of("repo1-path", "/tmp/elsewhere"))
                .build());

        BackupRejected rejected = stage.awaitRejected(id);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.INVALID);
        assertThat(rejected.getDetail())
                .isEqualTo(
                        "option 'repo1-path' cannot be set by a request; these can: archive-check, compress-level, compress-type, process-max, resume, start-fast");
        assertThat(stage.endingsOf(id)).hasSize(1);
    }

    @Test
    void hostileLabelsAndReasonsAreOnlyText() {
        String hostile = "$(touch %s) `id` '; -- \u202E\n[000]: ERROR"
                .formatted(stage.runners().state("one"));
        BackupRequested request = stage.request()
                .setLabels(Map.of("--repo1-path=/tmp/elsewhere", hostile, "holdfast-request", "another"))
                .setReason(hostile)
                .build();

        BackupCompleted completed = stage.assertOneBackup(stage.publish(request));

        assertThat(completed.getLabels()).isEqualTo(request.getLabels());
        assertThat(completed.getReason()).isEqualTo(hostile);
    }

    @Test
    void aStanzaThatLooksLikeAnOptionIsNobodysAndHoldsNobodyUp() {
        UUID hostile = stage.publish(
                Events.backupRequested("--repo1-path=/tmp/elsewhere").build());

        stage.assertOneBackup(stage.publish(stage.request().build()));

        assertThat(stage.log().events())
                .filteredOn(event ->
                        Envelope.of(event).requestId().filter(hostile::equals).isPresent())
                .as("the scheduler answers for stanzas that nobody serves")
                .allMatch(BackupRequested.class::isInstance);
    }

    /** Figure P13: {@code bench/run} passes over 200,000. The runner is frozen while they come, so that it is not the publisher that counts. */
    @Test
    void requestsForOthersHoldNobodyUp() {
        int foreign = Figures.count(2_000);
        Signals.send(runner.pid(), "STOP");
        Instant begin = Instant.now();
        Instant awake;
        UUID id;
        try {
            stage.publishForOthers(foreign);
            id = stage.publish(stage.request().build());
        } finally {
            awake = Instant.now();
            Signals.send(runner.pid(), "CONT");
        }

        stage.assertOneBackup(id);
        Instant started = stage.awaitStarted(id).getOccurredAt();
        Figures.leave(
                "foreign",
                List.of(
                        "requests " + foreign,
                        "publishing " + Duration.between(begin, awake).toMillis(),
                        "skipping " + Duration.between(awake, started).toMillis()));
    }

    @Test
    void requestsOfClocksThatRunAheadOrBehindAreServed() {
        // Kafka itself refuses a record that is more than an hour ahead
        UUID ahead = stage.publishAt(Instant.now().plus(Duration.ofMinutes(50)));
        UUID behind = stage.publishAt(Instant.now().minus(Duration.ofHours(3)));

        stage.assertOneBackup(ahead, behind);
    }

    @Test
    void aRequestPastItsLastInstantIsExpired() {
        UUID id = stage.publish(stage.request()
                .setNotAfter(Instant.parse("2026-01-01T00:00:00Z"))
                .build());

        BackupRejected rejected = stage.awaitRejected(id);

        assertThat(rejected.getRejection()).isEqualTo(RejectionReason.EXPIRED);
        assertThat(rejected.getDetail()).contains("2026-01-01T00:00:00Z");
    }

    @Test
    void aSecondRunnerOnTheSameFolderEndsAtOnceAndSaysWhy() {
        AppProcess second = stage.runners().startRivalOf("one", stage.stanza());

        assertThat(second.exitCode(240)).hasValue(2);
        assertThat(second.log())
                .contains("another runner works in " + stage.runners().state("one"))
                .contains("HOLDFAST_RUNNER_STATE");
    }

    @Test
    void aRunnerWhoseAddressIsNotThisHostsEndsAtOnceAndSaysWhatToSet() {
        // for documentation only, so no host has it (RFC 5737)
        stage.with("HOLDFAST_BIND", "203.0.113.7");

        AppProcess elsewhere = stage.runners().startRivalOf("elsewhere", stage.stanza());

        assertThat(elsewhere.exitCode(240)).hasValue(2);
        assertThat(elsewhere.log()).contains("cannot listen on 203.0.113.7", "HOLDFAST_BIND");
    }

    @Test
    void restorePointsAreMadeBetweenBackupsWhereThatIsWanted() {
        stage.with("HOLDFAST_RUNNER_OBSERVE_EVERY", "PT2S").with("HOLDFAST_RUNNER_MARK_EVERY", "PT2S");
        try (AppProcess marker = stage.runnerOfPool("marker", stage.stanza() + "-marker")) {
            stage.log().await(events -> pointsBetweenBackups().size() > 1);
            assertThat(marker.isAlive()).isTrue();
        }

        assertThat(pointsBetweenBackups()).allSatisfy(point -> {
            assertThat(point.getName()).matches("holdfast-[0-9]{8}-[0-9]{6}");
            assertThat(point.getRequestId()).isEmpty();
            assertThat(point.getWalSegment()).matches("[0-9A-F]{24}");
        });
    }

    private List<RestorePointCreated> pointsBetweenBackups() {
        return stage.log().all(RestorePointCreated.class).stream()
                .filter(point -> point.getStanza().equals(stage.stanza())
                        && point.getLabel().isEmpty())
                .toList();
    }

    @Test
    void theRunnerAnnouncesItsStanza() {
        RunnerAnnounced announced = stage.log()
                .await(RunnerAnnounced.class, event -> event.getStanzas().contains(stage.stanza()));

        assertThat(announced.getVersions()).containsKeys("holdfast", "pgbackrest");
        assertThat(announced.getMaxConcurrent()).isEqualTo(2);
    }
}
