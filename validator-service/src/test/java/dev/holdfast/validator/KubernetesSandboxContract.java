package dev.holdfast.validator;

import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.sandbox.KubernetesEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;

/**
 * The same attacks in a pod of a real cluster: the one that the machine's kubeconfig names. The build does not run it,
 * because it has no cluster; with one, {@code ./mvnw -pl validator-service verify -Dit.test=KubernetesSandboxContract} does.
 *
 * <p>The claim {@code HOLDFAST_SANDBOX_CLAIM} in the namespace {@code HOLDFAST_SANDBOX_NAMESPACE} holds any files that user and
 * group 999 may read; the image is {@code HOLDFAST_SANDBOX_IMAGE}.
 */
class KubernetesSandboxContract extends SandboxContract {

    private final KubernetesClient client = new KubernetesClientBuilder().build();

    @Override
    Sandbox open() {
        SandboxSettings settings = new SandboxSettings(
                System.getenv().getOrDefault("HOLDFAST_SANDBOX_IMAGE", Prover.IMAGE),
                "test/" + UUID.randomUUID(),
                256L << 20,
                1L << 30,
                PROCESSES,
                1,
                workspace -> PgBackRest.environment(KubernetesEngine.CONFIGURATION, workspace));
        KubernetesEngine.Site site = new KubernetesEngine.Site(
                System.getenv().getOrDefault("HOLDFAST_SANDBOX_NAMESPACE", "holdfast-proofs"),
                Optional.of(System.getenv("HOLDFAST_SANDBOX_CLAIM")));
        Path repository = grounds.repository().path();
        return new KubernetesEngine(client, site, settings, Clock.systemUTC())
                .open(new SandboxEngine.Wanted(
                        UUID.randomUUID(),
                        new RepositoryPlace(new RepositoryPlace.Folder(repository), "[global]", 999, 999),
                        Duration.ofHours(1),
                        Optional.empty()));
    }

    @AfterAll
    void closeClient() {
        client.close();
    }
}
