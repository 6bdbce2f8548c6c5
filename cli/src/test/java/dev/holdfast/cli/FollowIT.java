package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.events.Verdict;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands against a real broker and registry; the test plays runner, validator and scheduler. */
class FollowIT {

    /** The label of the backup that test-support's events speak of. */
    private static final String LABEL = "20261122-020003F";

    private static final String REGISTRY = SchemaRegistryProcess.shared().url();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final KafkaConnection CONNECTION = KafkaBroker.shared().connection(REGISTRY);
    private static final EventLog LOG = EventLog.open(CONNECTION);

    private Terminal terminal = new Terminal(Path.of("."));
    private String stanza = "";

    @AfterAll
    static void closeTheLog() {
        LOG.close();
    }

    @BeforeEach
    void pointAtTheBroker(@TempDir Path home, TestInfo test) {
        terminal = new Terminal(home)
                .env("HOLDFAST_KAFKA", CONNECTION.bootstrapServers())
                .env("HOLDFAST_REGISTRY", REGISTRY);
        stanza = "s" + Integer.toHexString(test.getDisplayName().hashCode()) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void aRequestIsPublishedWithWhoAskedAndWhy() {
        Ended ended = terminal.type(
                "backup",
                stanza,
                "--type",
                "diff",
                "--reason",
                "before the upgrade",
                "--repository",
                "2",
                "--label",
                "ticket=4711");

        BackupRequested request = LOG.await(BackupRequested.class, this::isMine);
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).isEqualTo(request.getRequestId() + "\n");
        assertThat(request.getType()).isEqualTo(BackupType.DIFF);
        assertThat(request.getReason()).isEqualTo("before the upgrade");
        assertThat(request.getRepository()).contains(2);
        assertThat(request.getLabels()).containsExactly(Map.entry("ticket", "4711"));
        assertThat(request.getOrigin()).isEqualTo(RequestOrigin.AD_HOC);
        assertThat(request.getProof()).isEqualTo(ProofWish.NONE);
        assertThat(request.getRequestedBy()).isEqualTo(new Requester("alice", PrincipalSource.OPERATING_SYSTEM_USER));
        assertThat(request.getProducer().getService()).isEqualTo("cli");
    }

    @Test
    void waitingEndsWithTheLabelAndZeroOnceTheBackupIsThere() throws Exception {
        CompletableFuture<Ended> typed = terminal.begin("backup", "--wait", stanza);
        UUID id = LOG.await(BackupRequested.class, this::isMine).getRequestId();
        LOG.publish(Events.backupStarted(stanza, id).build());
        LOG.publish(Events.backupProgressed(stanza, id).build());
        LOG.publish(Events.backupCompleted(stanza, id).build());

        Ended ended = end(typed);

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).isEqualTo("%s%n%s COMPLETED%n".formatted(id, LABEL));
        assertThat(ended.err()).contains("backup started by runner", "backup " + LABEL + " completed");
    }

    @ParameterizedTest
    @CsvSource({"PASSED, PROVEN, 0", "FAILED, DISPROVEN, 1", "INCONCLUSIVE, INCONCLUSIVE, 1", "EXPIRED, INCONCLUSIVE, 1"
    })
    void waitingForAProofEndsWithZeroOnlyIfItPassed(Verdict verdict, String state, int status) throws Exception {
        CompletableFuture<Ended> typed = terminal.begin("backup", stanza, "--wait=proven", "-o", "json");
        BackupRequested request = LOG.await(BackupRequested.class, this::isMine);
        UUID id = request.getRequestId();
        UUID test = UUID.randomUUID();
        LOG.publish(Events.backupCompleted(stanza, id).build());
        LOG.publish(ProofEvents.restoreTestStarted(stanza, id, test).build());
        LOG.publish(ProofEvents.restoreTestCompleted(stanza, id, test)
                .setVerdict(verdict)
                .build());

        Ended ended = end(typed);

        assertThat(request.getProof()).isEqualTo(ProofWish.AFTER_COMPLETION);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.out())
                .startsWith("{")
                .contains(
                        "\"requestId\" : \"" + id + "\"",
                        "\"label\" : \"" + LABEL + "\"",
                        "\"state\" : \"" + state + "\"");
    }

    @Test
    void aFailedBackupEndsWithOneAndSaysWhatToDo() throws Exception {
        CompletableFuture<Ended> typed = terminal.begin("backup", stanza, "--wait");
        UUID id = LOG.await(BackupRequested.class, this::isMine).getRequestId();
        LOG.publish(Events.backupFailed(stanza, id)
                .setCategory(FailureCategory.STORAGE)
                .setMessage("no space left on device")
                .setHint("free some space in the repository")
                .build());

        Ended ended = end(typed);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).endsWith("- FAILED\n");
        assertThat(ended.err())
                .contains(
                        "backup failed (STORAGE): no space left on device What to do: free some space in the repository");
    }

    @Test
    void whatNobodyServesInTimeEndsWithFourAndSaysWhy() throws Exception {
        CompletableFuture<Ended> typed = terminal.begin("backup", stanza, "--wait", "--timeout", "4s", "-o", "json");
        UUID id = LOG.await(BackupRequested.class, this::isMine).getRequestId();
        LOG.publish(PolicyEvents.requestUnserved(stanza, id)
                .setUnserved(UnservedReason.UNKNOWN_STANZA)
                .setDetail("no runner has announced it")
                .build());

        Ended ended = end(typed);

        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.out()).contains("\"state\" : \"UNSERVED\"");
        assertThat(ended.err())
                .contains(
                        "warning: nobody serves the request so far (UNKNOWN_STANZA): no runner has announced it",
                        "the time is up; the request is UNSERVED and goes on: holdfast trace " + id);
    }

    @Test
    void aProofAnswersWithTheRestoreTest() throws Exception {
        CompletableFuture<Ended> typed = terminal.begin(
                "prove", stanza, "--label", LABEL, "--at", "2026-11-22T04:00:00+02:00", "--wait", "-o", "json");
        RestoreTestRequested request = LOG.await(
                RestoreTestRequested.class, requested -> requested.getStanza().equals(stanza));
        LOG.publish(ProofEvents.restoreTestStarted(stanza, request.getRequestId(), request.getTestId())
                .build());
        LOG.publish(ProofEvents.restoreTestCompleted(stanza, request.getRequestId(), request.getTestId())
                .build());

        Ended ended = end(typed);

        assertThat(request.getTarget()).isEqualTo(new RestoreTarget(TargetKind.TIME, "2026-11-22T02:00:00Z"));
        assertThat(request.getBackupLabel()).contains(LABEL);
        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains(
                        "\"testId\" : \"" + request.getTestId() + "\"",
                        "\"verdict\" : \"PASSED\"",
                        "\"rung\" : \"CONTENT_CHECKED\"",
                        "\"name\" : \"amcheck\"",
                        "\"seconds\" : 0.8",
                        "\"restoreSeconds\" : 1.5");
    }

    @Test
    void aFailedProofEndsWithOneAndShowsEveryCheck() throws Exception {
        CompletableFuture<Ended> typed = terminal.begin("prove", stanza, "--latest", "--wait");
        RestoreTestRequested request = LOG.await(
                RestoreTestRequested.class, requested -> requested.getStanza().equals(stanza));
        LOG.publish(ProofEvents.restoreTestCompleted(stanza, request.getRequestId(), request.getTestId())
                .setVerdict(Verdict.FAILED)
                .setReasonCode("WAL_GAP")
                .setReason("a WAL segment is missing")
                .build());

        Ended ended = end(typed);

        assertThat(request.getTarget().getKind()).isEqualTo(TargetKind.LATEST);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("FAILED  " + stanza + "  " + LABEL)
                .contains(
                        "WAL_GAP: a WAL segment is missing",
                        "CHECK    OUTCOME  SECONDS  DETAIL",
                        "amcheck  PASSED   0.8      no damage");
        assertThat(ended.err()).contains("restore test FAILED (WAL_GAP): a WAL segment is missing");
    }

    @Test
    void aCancellationNamesTheRequest() {
        UUID id = UUID.randomUUID();

        Ended ended = terminal.type("cancel", id.toString(), "--stanza", stanza, "--reason", "wrong night");

        CancelRequested cancel = LOG.await(
                CancelRequested.class, requested -> requested.getStanza().equals(stanza));
        assertThat(ended.status()).isZero();
        assertThat(cancel.getRequestId()).isEqualTo(id);
        assertThat(cancel.getReason()).isEqualTo("wrong night");
    }

    @Test
    void theLogIsPrintedFromItsBeginningToItsEndOneLineAnEvent() {
        UUID id = UUID.randomUUID();
        LOG.publish(Events.backupRequested(stanza).setRequestId(id).build());
        LOG.publish(Events.backupStarted(stanza, id).build());
        LOG.publish(Events.backupCompleted(stanza, id).build());

        Ended all = terminal.type("events", "--stanza", stanza);
        Ended completed = terminal.type("events", "--stanza", stanza, "--type", "BackupCompleted", "--from", "1h");
        Ended none = terminal.type(
                "events",
                "--stanza",
                stanza,
                "--from",
                Instant.now().plusSeconds(3600).toString());

        assertThat(all.status()).isZero();
        assertThat(all.out().lines())
                .hasSize(3)
                .allMatch(
                        line -> line.startsWith("{\"type\":\"Backup") && line.contains("\"requestId\":\"" + id + "\""));
        assertThat(completed.out().lines())
                .singleElement()
                .asString()
                .contains("\"label\":\"" + LABEL + "\"", "\"topic\":\"holdfast.backup.events\"");
        assertThat(none.out()).isEmpty();
    }

    private boolean isMine(BackupRequested request) {
        return request.getStanza().equals(stanza);
    }

    private static Ended end(CompletableFuture<Ended> typed) throws Exception {
        return typed.get(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    }
}
