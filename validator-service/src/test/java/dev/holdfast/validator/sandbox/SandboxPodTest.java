package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pod's description against Kubernetes' own schema, and against the Pod Security Standard "restricted". */
class SandboxPodTest {

    private static final Instant DEADLINE = Instant.parse("2026-11-22T12:00:00Z");

    private final Pod pod = SandboxPod.of(
            FakeCluster.wanted(), FakeCluster.settings("pool/me"), "holdfast/sandbox:15", "repository", DEADLINE);
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

    private static JsonElement json(Object resource) {
        return JsonParser.parseString(new KubernetesSerialization().asJson(resource));
    }
}
