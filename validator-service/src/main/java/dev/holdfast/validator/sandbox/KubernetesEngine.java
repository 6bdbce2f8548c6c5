package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes as pods of one namespace.
 *
 * <p>As with containers, a pod's first process reads its standard input, which the validator holds open: the pod ends with
 * its validator. What even that leaves is found by label, and ended by the cluster at its deadline.
 */
public final class KubernetesEngine implements SandboxEngine {

    /**
     * Where pods are made.
     *
     * @param namespace {@code HOLDFAST_SANDBOX_NAMESPACE}, default {@code holdfast-proofs}: where pods are made
     * @param claim {@code HOLDFAST_SANDBOX_CLAIM}, default none: for pods, the persistent volume claim that holds the repository; mounted
     *     read-only at the repository's own path; {@code none} where no repository is a folder
     */
    public record Site(String namespace, Optional<String> claim) {}

    /** Where programs inside find pgBackRest's configuration: in memory, written when the sandbox begins. */
    public static final Path CONFIGURATION = Path.of("/tmp/pgbackrest.conf");

    private static final Logger LOGGER = LoggerFactory.getLogger(KubernetesEngine.class);
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_AGAIN_MILLIS = 200;
    private static final Set<String> NO_IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

    private final KubernetesClient client;
    private final Site site;
    private final SandboxSettings settings;
    private final Clock clock;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Leftovers leftovers;

    /** An engine reached through this client. */
    public KubernetesEngine(KubernetesClient client, Site site, SandboxSettings settings, Clock clock) {
        this.client = client;
        this.site = site;
        this.settings = settings;
        this.clock = clock;
        this.leftovers = new Leftovers(settings.owner(), clock);
    }

    @Override
    public Sandbox open(Wanted wanted) {
        String image = wanted.postgresMajor()
                .map(major -> DockerEngine.withMajor(settings.image(), major))
                .orElse(settings.image());
        Instant deadline = clock.instant().plus(wanted.lifetime()).plusSeconds(300);
        Pod pod = SandboxPod.of(wanted, settings, image, access(wanted.place()), deadline);
        String name = pod.getMetadata().getName();
        open.add(name);
        try {
            requirePolicy();
            client.pods().inNamespace(site.namespace()).resource(pod).create();
            Pod running = awaitRunning(name, image);
            return KubernetesSandbox.start(
                    client,
                    site,
                    new KubernetesSandbox.Made(name, digest(running), settings, wanted.place(), open::remove));
        } catch (ProofStopped e) {
            remove(name);
            throw e;
        } catch (KubernetesClientException e) {
            remove(name);
            throw new ProofStopped(
                    Reason.ENGINE,
                    "the cluster does not give a sandbox in namespace %s: %s"
                            .formatted(site.namespace(), e.getMessage()),
                    e);
        }
    }

    private SandboxPod.Access access(RepositoryPlace place) {
        return switch (place.where()) {
            case RepositoryPlace.Folder(Path path) ->
                new SandboxPod.Mounted(
                        path,
                        site.claim()
                                .orElseThrow(() -> new ProofStopped(
                                        Reason.CONFIGURATION,
                                        "the repository is the folder %s and HOLDFAST_SANDBOX_CLAIM is none; name the persistent volume claim that holds it"
                                                .formatted(path))));
            case RepositoryPlace.Remote remote -> new SandboxPod.Reached(remote, addresses(remote));
        };
    }

    /** A pod has no one to ask for names: it is told the addresses. */
    private static List<String> addresses(RepositoryPlace.Remote remote) {
        try {
            return Arrays.stream(InetAddress.getAllByName(remote.host()))
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (UnknownHostException e) {
            throw new ProofStopped(
                    Reason.REPOSITORY_UNREACHABLE,
                    "the validator's pod finds no address for %s, where the repository is; see to its name or to the network policy for DNS"
                            .formatted(remote.host()),
                    e);
        }
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public void removeLeftovers() {
        try {
            client.pods().inNamespace(site.namespace()).withLabel(DockerEngine.TEST_LABEL).list().getItems().stream()
                    .filter(this::isLeftover)
                    .forEach(pod -> {
                        LOGGER.atWarn()
                                .addKeyValue("pod", pod.getMetadata().getName())
                                .log("removing a sandbox that a validator left");
                        remove(pod.getMetadata().getName());
                    });
        } catch (KubernetesClientException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("the cluster did not say which sandboxes are left");
        }
    }

    private boolean isLeftover(Pod pod) {
        return leftovers.contain(
                Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of()),
                Optional.ofNullable(pod.getMetadata().getCreationTimestamp())
                        .map(Instant::parse)
                        .orElse(Instant.EPOCH),
                "Running".equals(phase(pod)),
                open.contains(pod.getMetadata().getName()));
    }

    /** Without it a pod would reach whatever the cluster lets pods reach. */
    private void requirePolicy() {
        var policy = client.network()
                .v1()
                .networkPolicies()
                .inNamespace(site.namespace())
                .resource(SandboxPod.denyAll());
        if (policy.get() == null) {
            policy.create();
        }
    }

    private Pod awaitRunning(String name, String image) {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            Pod pod = client.pods().inNamespace(site.namespace()).withName(name).get();
            if (pod == null) {
                throw new ProofStopped(
                        Reason.ENGINE, "somebody removed the sandbox's pod %s before it ran".formatted(name));
            }
            if ("Running".equals(phase(pod))) {
                return pod;
            }
            refuseHopeless(pod, image);
            pause();
        }
        throw new ProofStopped(
                Reason.ENGINE,
                "the cluster did not run the sandbox's pod within %s: %s"
                        .formatted(STARTS_WITHIN, KubernetesSandbox.trouble(client, site, name)));
    }

    private static void refuseHopeless(Pod pod, String image) {
        Optional<String> waiting = status(pod)
                .map(ContainerStatus::getState)
                .map(ContainerState::getWaiting)
                .map(state -> state.getReason() + ": " + state.getMessage());
        if (waiting.filter(why -> NO_IMAGE.stream().anyMatch(why::startsWith)).isPresent()) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "the cluster has no sandbox image %s (%s); build it with deploy/images/build-sandbox, push it where the cluster pulls from, and set HOLDFAST_SANDBOX_IMAGE"
                            .formatted(image, waiting.get()));
        }
        if ("Failed".equals(phase(pod)) || "Succeeded".equals(phase(pod))) {
            throw new ProofStopped(
                    Reason.ENGINE,
                    "the sandbox's pod ended before it was used: %s"
                            .formatted(Optional.ofNullable(pod.getStatus().getMessage())
                                    .orElse(phase(pod))));
        }
    }

    private static String digest(Pod running) {
        return status(running).map(ContainerStatus::getImageID).orElse("");
    }

    private static Optional<ContainerStatus> status(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(io.fabric8.kubernetes.api.model.PodStatus::getContainerStatuses)
                .map(List::stream)
                .flatMap(java.util.stream.Stream::findFirst);
    }

    private static String phase(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(io.fabric8.kubernetes.api.model.PodStatus::getPhase)
                .orElse("Pending");
    }

    private void remove(String name) {
        KubernetesSandbox.remove(client, site, name);
        open.remove(name);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        }
    }
}
