package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.proof.Sha256;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox's pod is made of. It meets the Pod Security Standard "restricted", has no token of any account, and reaches
 * nothing: a policy that selects its label denies all traffic.
 */
final class SandboxPod {

    static final String CONTAINER = "sandbox";
    static final String POLICY = "holdfast-sandbox-deny-all";

    private static final String OWNED = "dev.holdfast.sandbox.owned-by";

    private SandboxPod() {}

    /**
     * The pod.
     *
     * @param image what it runs
     * @param claim the persistent volume claim that holds the repository
     * @param deadline after which nobody needs it any more
     */
    static Pod of(SandboxEngine.Wanted wanted, SandboxSettings settings, String image, String claim, Instant deadline) {
        RepositoryPlace place = wanted.place();
        return new PodBuilder()
                .withNewMetadata()
                .withName("holdfast-%s-%s".formatted(wanted.testId(), Long.toString(System.nanoTime(), 36)))
                .addToLabels(DockerEngine.TEST_LABEL, wanted.testId().toString())
                .addToLabels(OWNED, ownerLabel(settings.owner()))
                .addToAnnotations(DockerEngine.OWNER_LABEL, settings.owner())
                .addToAnnotations(DockerEngine.DEADLINE_LABEL, String.valueOf(deadline.getEpochSecond()))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(wanted.lifetime().toSeconds() + 300)
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withHostNetwork(false)
                .withHostPID(false)
                .withHostIPC(false)
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withNameservers("127.0.0.1")
                .endDnsConfig()
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser((long) place.uid())
                .withRunAsGroup((long) place.gid())
                .withFsGroup((long) place.gid())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(place, settings, image))
                .withVolumes(volumes(settings, claim))
                .endSpec()
                .build();
    }

    private static Container container(RepositoryPlace place, SandboxSettings settings, String image) {
        Map<String, Quantity> resources = Map.of(
                "memory", new Quantity(String.valueOf(settings.memoryBytes())),
                "cpu", new Quantity(String.valueOf(settings.cpus())),
                "ephemeral-storage", new Quantity(String.valueOf(settings.diskBytes())));
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                // ends with its input, and that ends with the validator
                .withArgs("cat")
                .withStdin(true)
                .withStdinOnce(true)
                .withEnv(environment(settings))
                .withVolumeMounts(mounts(place))
                .withNewResources()
                // what is not said here would be asked for in full, and no node has a terabyte to spare
                .withRequests(Map.of(
                        "memory", new Quantity(String.valueOf(settings.memoryBytes())),
                        "cpu", new Quantity("100m"),
                        "ephemeral-storage", new Quantity("256Mi")))
                .withLimits(resources)
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withPrivileged(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .build();
    }

    private static List<EnvVar> environment(SandboxSettings settings) {
        return settings.environment().apply(DockerEngine.WORKSPACE).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new EnvVarBuilder()
                        .withName(entry.getKey())
                        .withValue(entry.getValue())
                        .build())
                .toList();
    }

    private static List<VolumeMount> mounts(RepositoryPlace place) {
        return List.of(
                mount("workspace", DockerEngine.WORKSPACE, false),
                mount("temporary", "/tmp", false),
                mount("repository", folder(place).toString(), true));
    }

    /**
     * The folder that the claim is mounted at.
     *
     * @throws ProofStopped with CONFIGURATION for a repository elsewhere: a pod reaches nothing
     */
    static Path folder(RepositoryPlace place) {
        return switch (place.where()) {
            case RepositoryPlace.Folder(Path path) -> path;
            case RepositoryPlace.Remote remote ->
                throw new ProofStopped(
                        Reason.CONFIGURATION,
                        "the repository is reached at %s and a sandbox in a pod reaches nothing; keep it in a persistent volume, or prove it with HOLDFAST_SANDBOX=docker"
                                .formatted(remote.address()));
        };
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly)
                .build();
    }

    private static List<Volume> volumes(SandboxSettings settings, String claim) {
        return List.of(
                new VolumeBuilder()
                        .withName("workspace")
                        .withNewEmptyDir()
                        .withSizeLimit(new Quantity(String.valueOf(settings.diskBytes())))
                        .endEmptyDir()
                        .build(),
                new VolumeBuilder()
                        .withName("temporary")
                        .withNewEmptyDir()
                        .withMedium("Memory")
                        .withSizeLimit(new Quantity("64Mi"))
                        .endEmptyDir()
                        .build(),
                new VolumeBuilder()
                        .withName("repository")
                        .withNewPersistentVolumeClaim(claim, true)
                        .build());
    }

    /** Denies all traffic, in and out, of every sandbox of the namespace. */
    static NetworkPolicy denyAll() {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName(POLICY)
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .addNewMatchExpression()
                .withKey(DockerEngine.TEST_LABEL)
                .withOperator("Exists")
                .endMatchExpression()
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .endSpec()
                .build();
    }

    /** Labels allow fewer characters than names of pools and instances have. */
    private static String ownerLabel(String owner) {
        return Sha256.hex(owner.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }
}
