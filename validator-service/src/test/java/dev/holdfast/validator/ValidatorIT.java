package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.holdfast.events.CheckOutcome;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.RestoreTestProgressed;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestStarted;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.events.TargetKind;
import dev.holdfast.events.TrustRung;
import dev.holdfast.events.Verdict;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged validator on a real broker and registry, from a request to its verdict. */
class ValidatorIT {

    private static final String OWNER = "dev.holdfast.sandbox.owner";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Grounds grounds = Grounds.shared();
    private final KafkaConnection connection =
            KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
    private final String pool = "pool-" + UUID.randomUUID();
    private final DockerClient docker = Docker.client();

    @TempDir
    private Path state;

    @TempDir
    private Path elsewhere;

    private EventLog log;

    @BeforeEach
    void openTheLog() {
        log = EventLog.open(connection);
    }

    @AfterEach
    void closeTheLog() {
        log.close();
    }

    @Test
    void aRequestBecomesAVerdictWithEvidenceThatVerifies() throws Exception {
        RestoreTestRequested request = request().build();
        try (AppProcess _ = validator().start()) {
            log.publish(request);

            RestoreTestCompleted verdict = completed(request);

            assertThat(verdict.getVerdict()).as(verdict.toString()).isEqualTo(Verdict.PASSED);
            assertThat(verdict.getReasonCode()).isEqualTo("OK");
            assertThat(verdict.getRung()).isEqualTo(TrustRung.CONTENT_CHECKED);
            // whether there was a proof to compare with, or a verification lately, depends on the tests before this one
            assertThat(verdict.getChecks())
                    .filteredOn(check -> check.getOutcome() != CheckOutcome.PASSED)
                    .allMatch(check -> check.getOutcome() == CheckOutcome.NOT_RUN)
                    .extracting(check -> check.getName())
                    .isSubsetOf("schema", "verify");
            assertThat(verdict.getChecks()).hasSizeGreaterThan(9);
            assertThat(verdict.getRestoreMillis()).isPresent();
            assertThat(verdict.getReadyMillis()).isPresent();
            assertThat(verdict.getBytesRestored()).isPresent();
            assertThat(verdict.getIsolation().orElseThrow().getCapabilities()).isEqualTo("none");
            assertThat(EvidenceVerifier.verify(verdict.getEvidence(), state.resolve("evidence-key.pub.pem"))
                            .path("predicate")
                            .path("verdict")
                            .asString(""))
                    .isEqualTo("PASSED");
            assertThat(EvidenceVerifier.openSslAgrees(
                            verdict.getEvidence(), state.resolve("evidence-key.pub.pem"), elsewhere))
                    .isTrue();
            assertThat(log.all(RestoreTestStarted.class))
                    .filteredOn(started -> started.getTestId().equals(request.getTestId()))
                    .hasSize(1);
            assertThat(log.all(RestoreTestProgressed.class))
                    .anyMatch(beat -> beat.getTestId().equals(request.getTestId()));
            assertThat(log.all(RunnerAnnounced.class))
                    .anyMatch(announced -> announced.getPool().equals(pool)
                            && announced.getService().equals("validator"));
        }
    }

    @Test
    void theSameTestAskedTwiceIsDoneOnce() {
        RestoreTestRequested request = request().build();
        RestoreTestRequested last = request().setBackupLabel("not-a-label").build();
        try (AppProcess _ = validator().start()) {
            log.publish(request);
            log.publish(request);
            completed(request);
            log.publish(request);
            log.publish(last);
            completed(last);

            assertThat(log.all(RestoreTestCompleted.class))
                    .filteredOn(verdict -> verdict.getTestId().equals(request.getTestId()))
                    .hasSize(1);
            assertThat(log.all(RestoreTestStarted.class))
                    .filteredOn(started -> started.getTestId().equals(request.getTestId()))
                    .hasSize(1);
        }
    }

    @Test
    void malformedLateForeignAndUnreadableRequestsAreAnsweredOrPassedOver() {
        RestoreTestRequested malformed = request().setBackupLabel("--delta").build();
        RestoreTestRequested late =
                request().setNotAfter(Instant.now().minusSeconds(60)).build();
        RestoreTestRequested foreign = request().setStanza("somebody-elses").build();
        try (AppProcess _ = validator().start()) {
            log.publishRaw(
                    Topic.RESTORE_TEST_REQUESTS, Grounds.STANZA, "no event at all".getBytes(StandardCharsets.UTF_8));
            log.publish(foreign);
            log.publish(malformed);
            log.publish(late);

            assertThat(completed(malformed).getReasonCode()).isEqualTo("INVALID");
            assertThat(completed(malformed).getReason()).contains("--delta").contains("expected");
            assertThat(completed(late).getReasonCode()).isEqualTo("REQUEST_EXPIRED");
            assertThat(log.all(RestoreTestStarted.class))
                    .noneMatch(started -> started.getTestId().equals(foreign.getTestId()));
        }
    }

    @Test
    void aValidatorKilledInTheMiddleLeavesNoContainerAndTheNextOneGivesTheVerdict() {
        RestoreTestRequested request = request().build();
        AppProcess first = validator().start();
        log.publish(request);
        log.await(RestoreTestProgressed.class, beat -> beat.getTestId().equals(request.getTestId()));
        // one that was only created is nobody's to remove until the next start; see SandboxIT
        Awaitility.await("a sandbox runs").atMost(PATIENCE).until(() -> sandboxes(false) == 1);

        first.kill9();

        Awaitility.await("the engine removes the sandbox of a dead validator")
                .atMost(PATIENCE)
                .until(() -> sandboxes(true) == 0);
        try (AppProcess _ = validator().start()) {
            RestoreTestCompleted verdict = completed(request);
            assertThat(verdict.getVerdict()).as(verdict.toString()).isEqualTo(Verdict.PASSED);
            assertThat(verdict.getAttempt()).isEqualTo(2);
        }
        assertThat(log.all(RestoreTestCompleted.class))
                .filteredOn(verdict -> verdict.getTestId().equals(request.getTestId()))
                .hasSize(1);
        assertThat(sandboxes(true)).isZero();
    }

    @Test
    void aFrozenValidatorThatItsGroupHasGivenUpGoesOnWhenItWakes() throws Exception {
        try (AppProcess validator = validator().start();
                Admin admin = Admin.create(connection.common())) {
            awaitMembers(admin, 1);
            signal(validator, "STOP");
            try {
                awaitMembers(admin, 0);
            } finally {
                signal(validator, "CONT");
            }
            RestoreTestRequested request = request().build();
            log.publish(request);

            assertThat(completed(request).getVerdict()).isEqualTo(Verdict.PASSED);
        }
    }

    /** Requests that end at once stream by, so that at any moment some are finished whose offsets are not committed yet. */
    @Test
    void whatTheGroupNoLongerLetsBeCommittedComesAgainAndGetsNoSecondVerdict() throws Exception {
        List<RestoreTestRequested> asked = new ArrayList<>();
        try (AppProcess validator = validator().start();
                Admin admin = Admin.create(connection.common())) {
            Awaitility.await("a commit that the group refuses").atMost(PATIENCE).until(() -> {
                awaitMembers(admin, 1);
                List<RestoreTestRequested> burst = Stream.generate(
                                () -> request().setBackupLabel("--delta").build())
                        .limit(300)
                        .toList();
                asked.addAll(burst);
                CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> burst.forEach(log::publish));
                completed(burst.getFirst());
                signal(validator, "STOP");
                try {
                    awaitMembers(admin, 0);
                } finally {
                    signal(validator, "CONT");
                }
                stream.join();
                return validator.log().contains("offsets were not committed");
            });
            log.await(events -> events.stream()
                            .filter(RestoreTestCompleted.class::isInstance)
                            .map(event -> ((RestoreTestCompleted) event).getTestId())
                            .filter(isAsked(asked))
                            .distinct()
                            .count()
                    == asked.size());
            RestoreTestRequested last = request().setBackupLabel("--delta").build();
            log.publish(last);
            completed(last);

            assertThat(log.all(RestoreTestCompleted.class))
                    .extracting(RestoreTestCompleted::getTestId)
                    .filteredOn(isAsked(asked))
                    .hasSameSizeAs(asked)
                    .doesNotHaveDuplicates();
        }
    }

    private static Predicate<UUID> isAsked(List<RestoreTestRequested> asked) {
        return asked.stream().map(RestoreTestRequested::getTestId).collect(Collectors.toSet())::contains;
    }

    @Test
    void ofTwoValidatorsUnderOneNameTheFirstTakesNothingInSaysWhyAndKeepsTheSandboxThatItWorksIn() {
        int port = FreePorts.next();
        try (RepositoryCopy copy = grounds.copy();
                AppProcess first = validator(port)
                        .env("HOLDFAST_PGBACKREST_CONFIG", copy.configuration())
                        .start()) {
            copy.block(copy.largestFile(grounds.full()));
            RestoreTestRequested endless =
                    request().setBackupLabel(grounds.full()).build();
            log.publish(endless);
            awaitRestore(endless);
            List<String> worksIn = sandboxIds(false);
            // with a key of its own, as that of another site which shares the container engine
            try (AppProcess _ =
                    validator().env("HOLDFAST_VALIDATOR_STATE", elsewhere).start()) {
                HttpResponse<String> health = Awaitility.await("the first is no longer ready")
                        .atMost(PATIENCE)
                        .until(() -> readiness(port), answer -> answer.statusCode() == 503);
                RestoreTestRequested request = request().build();
                log.publish(request);

                assertThat(health.body()).contains("runs under the same name", "HOLDFAST_INSTANCE");
                assertThat(first.isAlive()).isTrue();
                assertThat(completed(request).getVerdict()).isEqualTo(Verdict.PASSED);
                assertThat(worksIn).hasSize(1);
                assertThat(sandboxIds(false)).containsAll(worksIn);
            }
        }
        Awaitility.await("no sandbox is left").atMost(PATIENCE).until(() -> sandboxes(true) == 0);
    }

    private void awaitRestore(RestoreTestRequested request) {
        log.await(
                RestoreTestProgressed.class,
                beat -> beat.getTestId().equals(request.getTestId())
                        && beat.getPhase().equals("restore"));
    }

    private static HttpResponse<String> readiness(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(readinessAt(port)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static URI readinessAt(int port) {
        return URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port));
    }

    private void awaitMembers(Admin admin, int count) {
        String group = "holdfast-validator-" + pool;
        Awaitility.await("%d members of %s".formatted(count, group))
                .atMost(PATIENCE)
                .ignoreException(ExecutionException.class)
                .until(() -> admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                        .allMatch(described -> described.members().size() == count));
    }

    private static void signal(AppProcess process, String name) {
        Command.output(List.of("kill", "-s", name, String.valueOf(process.pid())));
    }

    @Test
    void afterThreeValidatorsDiedOverATestNobodyTriesItAgain() {
        RestoreTestRequested request = request().build();
        for (int attempt = 1; attempt <= 3; attempt++) {
            log.publish(ProofEvents.restoreTestStarted(Grounds.STANZA, request.getRequestId(), request.getTestId())
                    .setValidator(pool)
                    .setPool(pool)
                    .setAttempt(attempt)
                    .build());
        }
        log.publish(request);

        try (AppProcess _ = validator().start()) {
            RestoreTestCompleted verdict = completed(request);

            assertThat(verdict.getVerdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(verdict.getReasonCode()).isEqualTo("VALIDATOR_DIED");
            assertThat(verdict.getReason()).contains("3 validators");
            assertThat(verdict.getAttempt()).isEqualTo(4);
        }
    }

    @Test
    void aTestThatIsCancelledWhileItRunsEndsInconclusiveAndLeavesNoContainer() {
        try (RepositoryCopy copy = grounds.copy()) {
            copy.block(copy.largestFile(grounds.full()));
            RestoreTestRequested request =
                    request().setBackupLabel(grounds.full()).build();
            try (AppProcess _ = validator()
                    .env("HOLDFAST_PGBACKREST_CONFIG", copy.configuration())
                    .start()) {
                log.publish(request);
                awaitRestore(request);

                log.publish(Events.cancelRequested(Grounds.STANZA, request.getRequestId())
                        .setReason("the host is needed")
                        .build());

                RestoreTestCompleted verdict = completed(request);
                assertThat(verdict.getVerdict()).as(verdict.toString()).isEqualTo(Verdict.INCONCLUSIVE);
                assertThat(verdict.getReasonCode()).isEqualTo("CANCELLED");
                assertThat(verdict.getReason()).startsWith("cancelled by ").endsWith(": the host is needed");
                Awaitility.await("its sandbox is gone").atMost(PATIENCE).until(() -> sandboxes(true) == 0);
            }
        }
    }

    @Test
    void withoutAnEngineTheVerdictIsInconclusiveAndNamesTheRemedy() {
        RestoreTestRequested request = request().build();
        try (AppProcess _ =
                validator().env("DOCKER_HOST", "unix:///nowhere/docker.sock").start()) {
            log.publish(request);

            RestoreTestCompleted verdict = completed(request);

            assertThat(verdict.getVerdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(verdict.getReasonCode()).isEqualTo("ENGINE");
            assertThat(verdict.getReason()).contains("deploy/local/prepare").contains("HOLDFAST_SANDBOX=process");
        }
    }

    @Test
    void anEngineThatStopsDuringATestLeavesItInconclusiveAndTheNextTestPasses() throws IOException {
        RestoreTestRequested broken = request().build();
        RestoreTestRequested next = request().build();
        try (EngineLine line = EngineLine.open(elsewhere);
                AppProcess _ = validator().env("DOCKER_HOST", line.address()).start()) {
            log.publish(broken);
            Awaitility.await("a sandbox runs").atMost(PATIENCE).until(() -> sandboxes(false) == 1);

            line.cut();

            RestoreTestCompleted verdict = completed(broken);
            assertThat(verdict.getVerdict()).as(verdict.toString()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(verdict.getReasonCode()).isEqualTo("ENGINE");
            line.mend();
            log.publish(next);
            assertThat(completed(next).getVerdict()).isEqualTo(Verdict.PASSED);
        }
        Awaitility.await("no sandbox is left").atMost(PATIENCE).until(() -> sandboxes(true) == 0);
    }

    @Test
    void theProcessSandboxProvesTooAndSaysThatItIsolatesNothing() {
        RestoreTestRequested request =
                request().setTarget(new RestoreTarget(TargetKind.LATEST, null)).build();
        try (AppProcess _ = validator().env("HOLDFAST_SANDBOX", "process").start()) {
            log.publish(request);

            RestoreTestCompleted verdict = completed(request);

            assertThat(verdict.getVerdict()).as(verdict.toString()).isEqualTo(Verdict.PASSED);
            assertThat(verdict.getSandbox()).isEqualTo("process");
            assertThat(verdict.getIsolation().orElseThrow().getNetwork()).startsWith("host");
            assertThat(verdict.getIsolation().orElseThrow().getLimits()).containsEntry("memory", "absent");
        }
    }

    private RestoreTestRequested.Builder request() {
        return ProofEvents.restoreTestRequested(Grounds.STANZA).setPool(pool).setBackupLabel(grounds.incr());
    }

    private RestoreTestCompleted completed(RestoreTestRequested request) {
        return log.await(
                RestoreTestCompleted.class, verdict -> verdict.getTestId().equals(request.getTestId()));
    }

    /** Those of this test's validators; the key stands behind their name. */
    private long sandboxes(boolean alsoThoseThatDoNotRun) {
        return sandboxIds(alsoThoseThatDoNotRun).size();
    }

    private List<String> sandboxIds(boolean alsoThoseThatDoNotRun) {
        return docker
                .listContainersCmd()
                .withShowAll(alsoThoseThatDoNotRun)
                .withLabelFilter(List.of(OWNER))
                .exec()
                .stream()
                .filter(container ->
                        container.getLabels().getOrDefault(OWNER, "").startsWith(pool + "/" + pool + "/"))
                .map(Container::getId)
                .toList();
    }

    private AppProcess.Builder validator() {
        return validator(FreePorts.next());
    }

    private AppProcess.Builder validator(int port) {
        return AppProcess.of("validator-service")
                .env("HOLDFAST_KAFKA", connection.bootstrapServers())
                .env("HOLDFAST_REGISTRY", connection.registry())
                .env("HOLDFAST_INSTANCE", pool)
                .env("HOLDFAST_VALIDATOR_POOL", pool)
                .env("HOLDFAST_VALIDATOR_PORT", port)
                .env("HOLDFAST_VALIDATOR_STANZAS", Grounds.STANZA)
                .env("HOLDFAST_VALIDATOR_STATE", state)
                .env("HOLDFAST_PGBACKREST_CONFIG", grounds.repository().configuration())
                .readyAt(readinessAt(port).toString());
    }
}
