package dev.holdfast.validator.sandbox;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes as containers of an engine with Docker's API (Docker, Podman).
 *
 * <p>The first process of a container reads its standard input, which the validator holds open: when the validator dies,
 * however it dies, the engine sees the connection end, the process ends, and the engine removes the container and its
 * volume. What even that leaves is found by label.
 */
public final class DockerEngine implements SandboxEngine {

    static final String TEST_LABEL = "dev.holdfast.sandbox";
    static final String OWNER_LABEL = "dev.holdfast.sandbox.owner";
    static final String DEADLINE_LABEL = "dev.holdfast.sandbox.deadline";
    static final String WORKSPACE = "/restore";

    /** Where programs inside find pgBackRest's configuration: in memory, written when the sandbox begins. */
    public static final Path CONFIGURATION = Path.of("/tmp/pgbackrest.conf");

    private static final Logger LOGGER = LoggerFactory.getLogger(DockerEngine.class);
    // what runc and crun say of a first process that the image does not have, or that is for another processor
    private static final Pattern UNUSABLE =
            Pattern.compile("executable file (?:`.*` )?not found|exec format error|exec: .*no such file or directory");
    private static final Pattern MAJOR_TAG = Pattern.compile(":\\d+$");
    private static final String PREPARE = "deploy/local/prepare";

    private final DockerClient docker;
    private final SandboxSettings settings;
    private final SharedVolumes volumes;
    private final Path wayFolder;
    private final Clock clock;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Leftovers leftovers;
    private final WaysOut ways;

    /** An engine that sees this process's folders at the same paths. */
    public DockerEngine(DockerClient docker, SandboxSettings settings, Clock clock) {
        this(docker, settings, SharedVolumes.none(), Path.of(System.getProperty("java.io.tmpdir")), clock);
    }

    /**
     * An engine reached through this client, which has some of this process's folders as its volumes.
     *
     * @param wayFolder for the sockets by which sandboxes reach repositories elsewhere
     */
    public DockerEngine(
            DockerClient docker, SandboxSettings settings, SharedVolumes volumes, Path wayFolder, Clock clock) {
        this.docker = docker;
        this.settings = settings;
        this.volumes = volumes;
        this.wayFolder = wayFolder;
        this.clock = clock;
        this.leftovers = new Leftovers(settings.owner(), clock);
        this.ways = new WaysOut(settings.owner(), wayFolder, volumes);
    }

    @Override
    public Sandbox open(Wanted wanted) {
        String image = image(wanted);
        String digest = imageDigest(image, wanted);
        requireVolumes(wanted.place());
        Optional<WayOut> way = ways.to(wanted.place());
        String id = create(image, wanted, way);
        open.add(id);
        try {
            return DockerSandbox.start(
                    docker, new DockerSandbox.Made(id, digest, settings, wanted.place(), way, gone -> gone(gone, way)));
        } catch (ProofStopped e) {
            boolean over = isOver(id);
            DockerSandbox.remove(docker, id);
            gone(id, way);
            throw over ? endedAtOnce(image, e) : e;
        } catch (RuntimeException e) {
            DockerSandbox.remove(docker, id);
            gone(id, way);
            String message = String.valueOf(e.getMessage());
            throw UNUSABLE.matcher(message).find()
                    ? endedAtOnce(image, e)
                    : new ProofStopped(
                            Reason.ENGINE, "the container engine made a sandbox but could not start it: " + message, e);
        }
    }

    /** The first process waits until the sandbox is closed: one that does not was not the one that was asked for. */
    private boolean isOver(String id) {
        try {
            return !Boolean.TRUE.equals(
                    docker.inspectContainerCmd(id).exec().getState().getRunning());
        } catch (NotFoundException e) {
            return true;
        } catch (RuntimeException e) {
            LOGGER.atDebug().addKeyValue("container", id).setCause(e).log("the engine does not say how a sandbox is");
            return false;
        }
    }

    private static ProofStopped endedAtOnce(String image, RuntimeException e) {
        return new ProofStopped(
                Reason.IMAGE,
                "a sandbox of the image %s ended as soon as it began: its entry point must run the command that it is given, and it needs a shell and cat. deploy/images/build-sandbox builds one that does: %s"
                        .formatted(image, e.getMessage()),
                e);
    }

    private void gone(String id, Optional<WayOut> way) {
        open.remove(id);
        way.ifPresent(WayOut::close);
    }

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public void removeLeftovers() {
        ways.removeLeftovers();
        try {
            removeLeftContainers();
            removeLeftVolumes();
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("the container engine did not say which sandboxes are left");
        }
    }

    private void removeLeftContainers() {
        for (Container container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(TEST_LABEL))
                .exec()) {
            if (isLeftover(container)) {
                LOGGER.atWarn()
                        .addKeyValue("container", container.getId())
                        .log("removing a sandbox that a validator left");
                DockerSandbox.remove(docker, container.getId());
            }
        }
    }

    /** A container takes its volume along, unless the engine itself died in between. */
    private void removeLeftVolumes() {
        for (InspectVolumeResponse volume : docker.listVolumesCmd()
                .withFilter("label", List.of(TEST_LABEL))
                .withDanglingFilter(true)
                .exec()
                .getVolumes()) {
            if (leftovers.areLate(Optional.ofNullable(volume.getLabels()).orElse(Map.of()))) {
                LOGGER.atWarn()
                        .addKeyValue("volume", volume.getName())
                        .log("removing the volume of a sandbox that a validator left");
                removeVolume(volume.getName());
            }
        }
    }

    private void removeVolume(String name) {
        try {
            docker.removeVolumeCmd(name).exec();
        } catch (NotFoundException | ConflictException e) {
            LOGGER.atDebug()
                    .addKeyValue("volume", name)
                    .log("the engine removes it, or has just given it to a sandbox");
        }
    }

    private boolean isLeftover(Container container) {
        return leftovers.contain(
                Optional.ofNullable(container.getLabels()).orElse(Map.of()),
                Instant.ofEpochSecond(
                        Optional.ofNullable(container.getCreated()).orElse(0L)),
                "running".equals(container.getState()),
                open.contains(container.getId()));
    }

    /** The image of the settings, with the PostgreSQL that is wanted where its tag is a major version. */
    private String image(Wanted wanted) {
        return wanted.postgresMajor()
                .map(major -> withMajor(settings.image(), major))
                .orElse(settings.image());
    }

    /** An image's name with another PostgreSQL in it, where its tag is a major version. */
    static String withMajor(String image, String major) {
        return MAJOR_TAG.matcher(image).replaceFirst(":" + major);
    }

    private String imageDigest(String image, Wanted wanted) {
        try {
            return Optional.ofNullable(docker.inspectImageCmd(image).exec().getId())
                    .orElse("");
        } catch (NotFoundException e) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "the sandbox image %s is not on this machine; run '%s' to build it"
                            .formatted(image, build(image, wanted)),
                    e);
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /** An engine makes a volume that it does not have: an empty repository, in which nothing would be found. */
    private void requireVolumes(RepositoryPlace place) {
        for (String volume : volumes.of(place, wayFolder)) {
            try {
                docker.inspectVolumeCmd(volume).exec();
            } catch (NotFoundException e) {
                throw new ProofStopped(
                        Reason.CONFIGURATION,
                        "%s names the volume %s, and the container engine has no such volume; 'docker volume ls' lists those it has"
                                .formatted(SharedVolumes.SETTING, volume),
                        e);
            } catch (RuntimeException e) {
                throw unreachable(e);
            }
        }
    }

    private static String build(String image, Wanted wanted) {
        return wanted.postgresMajor()
                .map(major -> "deploy/images/build-sandbox %s --image %s".formatted(major, image))
                .orElse(PREPARE);
    }

    private String create(String image, Wanted wanted, Optional<WayOut> way) {
        try {
            CreateContainerResponse created = docker.createContainerCmd(image)
                    .withName("holdfast-" + wanted.testId() + "-" + Long.toString(System.nanoTime(), 36))
                    .withCmd(way.map(WayOut::first).orElse(List.of("cat")))
                    .withStdinOpen(true)
                    .withStdInOnce(true)
                    .withAttachStdin(true)
                    .withUser(wanted.place().uid() + ":" + wanted.place().gid())
                    .withEnv(settings.environment().apply(WORKSPACE).entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList())
                    .withLabels(labels(wanted))
                    .withHostConfig(hostConfig(wanted, way))
                    .exec();
            return created.getId();
        } catch (RuntimeException e) {
            way.ifPresent(WayOut::close);
            throw new ProofStopped(
                    Reason.ENGINE, "the container engine refuses to make a sandbox: " + e.getMessage(), e);
        }
    }

    private Map<String, String> labels(Wanted wanted) {
        Instant deadline = clock.instant().plus(wanted.lifetime()).plusSeconds(300);
        return Map.of(
                TEST_LABEL, wanted.testId().toString(),
                OWNER_LABEL, settings.owner(),
                DEADLINE_LABEL, String.valueOf(deadline.getEpochSecond()));
    }

    private HostConfig hostConfig(Wanted wanted, Optional<WayOut> way) {
        Mount workspace = new Mount()
                .withType(MountType.VOLUME)
                .withTarget(WORKSPACE)
                .withVolumeOptions(new VolumeOptions().withLabels(labels(wanted)));
        HostConfig config = HostConfig.newHostConfig()
                .withAutoRemove(true)
                .withNetworkMode("none")
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withMemory(settings.memoryBytes())
                .withMemorySwap(settings.memoryBytes())
                .withPidsLimit(settings.processes())
                .withNanoCPUs(settings.cpus() * 1_000_000_000L)
                .withShmSize(128L << 20)
                .withBinds(binds(wanted.place(), way))
                .withMounts(List.of(workspace))
                .withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,size=64m,mode=1777"));
        way.ifPresent(out -> out.open(config));
        return config;
    }

    /** Each at its own path, for nobody to write. */
    private List<Bind> binds(RepositoryPlace place, Optional<WayOut> way) {
        List<Bind> binds = new ArrayList<>(volumes.readOnly(place));
        way.ifPresent(out -> binds.add(volumes.way(out.folder(), WayOut.INSIDE)));
        return binds;
    }

    private static ProofStopped unreachable(RuntimeException e) {
        return new ProofStopped(
                Reason.ENGINE,
                "no container engine answers (%s); run %s, point DOCKER_HOST at one, or choose HOLDFAST_SANDBOX=process"
                        .formatted(e.getMessage(), PREPARE),
                e);
    }
}
