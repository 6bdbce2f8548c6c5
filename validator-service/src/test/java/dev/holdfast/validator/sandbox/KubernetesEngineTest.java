package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.SandboxEngine;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine asks of a cluster, seen by an API server that remembers. */
class KubernetesEngineTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private FakeCluster cluster;
    private KubernetesClient client;
    private KubernetesEngine engine;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
        client = cluster.client();
        engine = new KubernetesEngine(
                client, FakeCluster.SITE, FakeCluster.settings("pool/me"), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void whatIsLeftIsRemovedAndWhatOthersWorkInIsNot() {
        cluster.put("mine-of-an-earlier-life", owned("pool/me", NOW.plusSeconds(3600)), "2026-11-22T11:00:00Z");
        cluster.put("anothers", owned("pool/other", NOW.plusSeconds(3600)), "2026-11-22T11:00:00Z");
        cluster.put("anothers-past-its-time", owned("pool/other", NOW.minusSeconds(1)), "2026-11-22T11:00:00Z");

        engine.removeLeftovers();

        assertThat(cluster.pods()).containsExactly("anothers");
    }

    @Test
    void anImageThatTheClusterHasNotIsNamedWithItsRemedyAndNothingIsLeft() {
        cluster.podsBecome("""
                {"phase":"Pending","containerStatuses":[{"name":"sandbox","state":{"waiting":
                {"reason":"ErrImagePull","message":"not found"}}}]}""");

        assertThatThrownBy(() -> engine.open(FakeCluster.wanted()))
                .isInstanceOfSatisfying(ProofStopped.class, stopped -> {
                    assertThat(stopped.conclusion().reason()).isEqualTo(Reason.IMAGE);
                    assertThat(stopped.conclusion().message()).contains("holdfast/sandbox:15", "build-sandbox");
                });
        assertThat(cluster.pods()).isEmpty();
        assertThat(cluster.hasPolicy()).isTrue();
    }

    @Test
    void aPodThatTheClusterEndsSaysWhyAndNothingIsLeft() {
        cluster.podsBecome("{\"phase\":\"Failed\",\"message\":\"Pod was rejected: violates PodSecurity\"}");

        assertThatThrownBy(() -> engine.open(FakeCluster.wanted()))
                .isInstanceOfSatisfying(ProofStopped.class, stopped -> {
                    assertThat(stopped.conclusion().reason()).isEqualTo(Reason.ENGINE);
                    assertThat(stopped.conclusion().message()).contains("violates PodSecurity");
                });
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void aRepositoryWhoseNameNobodyKnowsIsNamedAndNoPodIsMade() {
        SandboxEngine.Wanted elsewhere = wanted(new RepositoryPlace.Remote("S3", "bucket.invalid", 443, List.of()));

        assertThatThrownBy(() -> engine.open(elsewhere)).isInstanceOfSatisfying(ProofStopped.class, stopped -> {
            assertThat(stopped.conclusion().reason()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
            assertThat(stopped.conclusion().message()).contains("bucket.invalid");
        });
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void aFolderWithoutItsClaimIsRefused() {
        KubernetesEngine without = new KubernetesEngine(
                client,
                new KubernetesEngine.Site("proofs", Optional.empty()),
                FakeCluster.settings("pool/me"),
                Clock.fixed(NOW, ZoneOffset.UTC));

        assertThatThrownBy(() -> without.open(FakeCluster.wanted()))
                .isInstanceOfSatisfying(ProofStopped.class, stopped -> {
                    assertThat(stopped.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
                    assertThat(stopped.conclusion().message()).contains("/repo", "HOLDFAST_SANDBOX_CLAIM");
                });
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    void aClusterThatDoesNotAnswerIsTheEnginesFault() {
        cluster.close();

        assertThatThrownBy(() -> engine.open(FakeCluster.wanted()))
                .isInstanceOfSatisfying(
                        ProofStopped.class,
                        stopped -> assertThat(stopped.conclusion().reason()).isEqualTo(Reason.ENGINE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Evicted Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. | SPACE",
                "Evicted Usage of EmptyDir volume \"workspace\" exceeds the limit \"2Gi\". | SPACE",
                "Evicted The node was low on resource: memory. | MEMORY",
                "DeadlineExceeded Pod was active on the node longer than the specified deadline | TIMEOUT",
                "the pod is gone | ENGINE"
            })
    void whatEndedAPodIsToldByTheClustersWords(String words, Reason reason) {
        assertThat(KubernetesSandbox.reason(words)).isEqualTo(reason);
    }

    private static SandboxEngine.Wanted wanted(RepositoryPlace.Where where) {
        return new SandboxEngine.Wanted(
                UUID.randomUUID(),
                new RepositoryPlace(where, "[global]", 101, 104),
                Duration.ofHours(1),
                Optional.empty());
    }

    private static Map<String, String> owned(String owner, Instant deadline) {
        return Map.of(
                DockerEngine.OWNER_LABEL,
                owner,
                DockerEngine.DEADLINE_LABEL,
                String.valueOf(deadline.getEpochSecond()));
    }
}
