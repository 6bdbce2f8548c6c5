package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.SandboxEngine;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The pod's description against Kubernetes' own schema, and against the Pod Security Standard "restricted". */
class SandboxPodTest {

    private static final Instant DEADLINE = Instant.parse("2026-11-22T12:00:00Z");

    private final Pod pod = SandboxPod.of(
            FakeCluster.wanted(),
            FakeCluster.settings("pool/me"),
            "holdfast/sandbox:15",
            new SandboxPod.Mounted(Path.of("/repo"), "repository"),
            DEADLINE);
    private final PodSpec spec = pod.getSpec();
    private final Container container = spec.getContainers().getFirst();

    @Test
    void kubernetesKnowsEveryFieldOfPodAndPolicy() {
        assertThatCode(() -> V1Pod.validateJsonElement(json(pod))).doesNotThrowAnyException();
        assertThatCode(() -> V1NetworkPolicy.validateJsonElement(json(SandboxPod.denyAll())))
                .doesNotThrowAnyException();

        JsonElement misspelled = json(pod);
        misspelled.getAsJsonObject().getAsJsonObject("spec").addProperty("restartPolicie", "Never");
        assertThatThrownBy(() -> V1Pod.validateJsonElement(misspelled)).hasMessageContaining("restartPolicie");
    }

    @Test
    void itIsRestricted() {
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(101);
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getPrivileged()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(spec.getHostNetwork()).isFalse();
        assertThat(spec.getHostPID()).isFalse();
        assertThat(spec.getHostIPC()).isFalse();
        assertThat(container.getPorts()).isEmpty();
        assertThat(spec.getVolumes())
                .allMatch(volume -> volume.getEmptyDir() != null || volume.getPersistentVolumeClaim() != null);
    }

    @Test
    void itHasNoTokenAndWritesNothingButItsOwnVolumes() {
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .containsExactlyInAnyOrder("/restore", "/tmp");
        assertThat(spec.getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getReadOnly())
                                .isTrue());
    }

    @Test
    void itIsLimitedInSpaceMemoryAndTime() {
        assertThat(spec.getVolumes())
                .filteredOn(volume -> volume.getEmptyDir() != null)
                .extracting((Volume volume) ->
                        volume.getEmptyDir().getSizeLimit().getNumericalAmount().longValue())
                .containsExactly(2L << 30, 64L << 20);
        assertThat(container.getResources().getLimits()).containsKeys("memory", "cpu", "ephemeral-storage");
        assertThat(spec.getActiveDeadlineSeconds()).isEqualTo(3600 + 300);
        assertThat(spec.getRestartPolicy()).isEqualTo("Never");
        assertThat(container.getStdinOnce()).as("it ends with its validator").isTrue();
    }

    @Test
    void itsOwnerAndDeadlineAreOnItAndThePolicySelectsIt() {
        assertThat(pod.getMetadata().getAnnotations())
                .containsAllEntriesOf(Map.of(
                        "dev.holdfast.sandbox.owner",
                        "pool/me",
                        "dev.holdfast.sandbox.deadline",
                        String.valueOf(DEADLINE.getEpochSecond())));
        assertThat(pod.getMetadata().getLabels().values())
                .allMatch(value -> value.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
        assertThat(SandboxPod.denyAll().getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(SandboxPod.denyAll().getSpec().getIngress()).isEmpty();
        assertThat(SandboxPod.denyAll().getSpec().getEgress()).isEmpty();
        assertThat(SandboxPod.denyAll().getSpec().getPodSelector().getMatchExpressions())
                .singleElement()
                .matches(expression -> pod.getMetadata().getLabels().containsKey(expression.getKey()));
    }

    @Test
    void aRepositoryElsewhereHasItsNameAndItsFilesInMemoryAndNoClaim() {
        RepositoryPlace.Remote remote = new RepositoryPlace.Remote(
                "S3",
                "bucket.example",
                443,
                List.of(Path.of("/etc/pgbackrest/ca.crt"), Path.of("/etc/pgbackrest/x.key")));
        Pod elsewhere = SandboxPod.of(
                FakeCluster.wanted(),
                FakeCluster.settings("pool/me"),
                "holdfast/sandbox:15",
                new SandboxPod.Reached(remote, List.of("192.0.2.7", "192.0.2.8")),
                DEADLINE);

        assertThatCode(() -> V1Pod.validateJsonElement(json(elsewhere))).doesNotThrowAnyException();
        assertThat(elsewhere.getSpec().getHostAliases())
                .containsExactly(
                        new HostAlias(List.of("bucket.example"), "192.0.2.7"),
                        new HostAlias(List.of("bucket.example"), "192.0.2.8"));
        assertThat(elsewhere.getSpec().getDnsPolicy()).isEqualTo("None");
        assertThat(elsewhere.getSpec().getVolumes()).allMatch(volume -> volume.getEmptyDir() != null);
        assertThat(elsewhere.getSpec().getContainers().getFirst().getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactly("/restore", "/tmp", "/etc/pgbackrest");
    }

    /** The manifests' tests try the admission policies with it: see {@code AdmissionTest} of deploy/kubernetes. */
    @Test
    void itIsThePodThatTheAdmissionPoliciesAreTriedWith() throws IOException {
        Pod made = SandboxPod.of(
                new SandboxEngine.Wanted(
                        UUID.fromString("7f0c9d7e-3a51-4f0e-9a53-2f6d1f3b8c11"),
                        FakeCluster.wanted().place(),
                        Duration.ofHours(1),
                        Optional.empty()),
                FakeCluster.settings("pool/me"),
                "holdfast/sandbox:15",
                new SandboxPod.Mounted(Path.of("/repo"), "holdfast-repository"),
                DEADLINE);
        assertThat(made.getMetadata().getName()).startsWith("holdfast-7f0c9d7e-3a51-4f0e-9a53-2f6d1f3b8c11-");
        // what follows is drawn anew for each
        made.getMetadata().setName("holdfast-7f0c9d7e-3a51-4f0e-9a53-2f6d1f3b8c11-2xk9");
        Path current = Files.writeString(
                Path.of("target/sandbox-pod.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(json(made)) + "\n");

        assertThat(JsonParser.parseString(Files.readString(Path.of("src/test/resources/sandbox-pod.json"))))
                .as("the pod has changed: look whether deploy/kubernetes still admits it, and copy %s", current)
                .isEqualTo(json(made));
    }

    private static JsonElement json(Object resource) {
        return JsonParser.parseString(new KubernetesSerialization().asJson(resource));
    }
}
