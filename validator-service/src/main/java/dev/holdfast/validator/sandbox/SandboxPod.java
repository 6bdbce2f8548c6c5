package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.proof.Sha256;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HostAlias;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox's pod is made of. It meets the Pod Security Standard "restricted", has no token of any account, and reaches
 * nothing: a policy that selects its label denies all traffic. To a repository that is no folder the cluster's administrator opens the one
 * way, by a policy of his own.
 */
final class SandboxPod {

    static final String CONTAINER = "sandbox";
    static final String POLICY = "holdfast-sandbox-deny-all";

    private static final String TEMPORARY = "/tmp";

    private static final String OWNED = "dev.holdfast.sandbox.owned-by";

    /** How a pod gets at the repository. */
    sealed interface Access {}

    /**
     * By a persistent volume claim.
     *
     * @param path where it is mounted, for nobody to write
     * @param claim its name
     */
    record Mounted(Path path, String claim) implements Access {}

    /**
     * Over the network, as far as the cluster's policies let it.
     *
     * @param remote the storage
     * @param addresses what its name stands for
     */
    record Reached(RepositoryPlace.Remote remote, List<String> addresses) implements Access {}

    private SandboxPod() {}

    /**
     * The pod.
     *
     * @param image what it runs
     * @param access how it gets at the repository
     * @param deadline after which nobody needs it any more
     */
    static Pod of(
            SandboxEngine.Wanted wanted, SandboxSettings settings, String image, Access access, Instant deadline) {
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
                .withHostAliases(names(access))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser((long) place.uid())
                .withRunAsGroup((long) place.gid())
                .withFsGroup((long) place.gid())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(access, settings, image))
                .withVolumes(volumes(settings, access))
                .endSpec()
                .build();
    }

    private static Container container(Access access, SandboxSettings settings, String image) {
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
                .withVolumeMounts(mounts(access))
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

    /** The repository's name, where it has one: nobody inside is asked for it. */
    private static List<HostAlias> names(Access access) {
        if (access instanceof Reached(RepositoryPlace.Remote remote, List<String> addresses)) {
            return addresses.stream()
                    .filter(address -> !address.equals(remote.host()))
                    .map(address -> new HostAlias(List.of(remote.host()), address))
                    .toList();
        }
        return List.of();
    }

    private static List<VolumeMount> mounts(Access access) {
        List<VolumeMount> mounts = new ArrayList<>(
                List.of(mount("workspace", DockerEngine.WORKSPACE, false), mount("temporary", TEMPORARY, false)));
        switch (access) {
            case Mounted mounted ->
                mounts.add(mount("repository", mounted.path().toString(), true));
            case Reached reached -> {
                List<String> folders = folders(reached);
                for (int i = 0; i < folders.size(); i++) {
                    mounts.add(mount("files-" + i, folders.get(i), false));
                }
            }
        }
        return mounts;
    }

    /** Where certificates and keys are expected: in memory, written when the sandbox begins. */
    private static List<String> folders(Reached reached) {
        return reached.remote().files().stream()
                .map(file -> String.valueOf(file.getParent()))
                .filter(folder -> !folder.equals(TEMPORARY))
                .distinct()
                .toList();
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly)
                .build();
    }

    private static List<Volume> volumes(SandboxSettings settings, Access access) {
        List<Volume> volumes = new ArrayList<>(List.of(
                new VolumeBuilder()
                        .withName("workspace")
                        .withNewEmptyDir()
                        .withSizeLimit(new Quantity(String.valueOf(settings.diskBytes())))
                        .endEmptyDir()
                        .build(),
                memory("temporary", "64Mi")));
        switch (access) {
            case Mounted mounted ->
                volumes.add(new VolumeBuilder()
                        .withName("repository")
                        .withNewPersistentVolumeClaim(mounted.claim(), true)
                        .build());
            case Reached reached -> {
                for (int i = 0; i < folders(reached).size(); i++) {
                    volumes.add(memory("files-" + i, "1Mi"));
                }
            }
        }
        return volumes;
    }

    private static Volume memory(String name, String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity(size))
                .endEmptyDir()
                .build();
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
