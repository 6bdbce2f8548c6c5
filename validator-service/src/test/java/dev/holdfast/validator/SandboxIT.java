package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import dev.holdfast.validator.sandbox.SharedVolumes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A container of this machine's engine, attacked from inside; and what is left of one when its validator dies. */
class SandboxIT extends SandboxContract {

    private static final long MEMORY = 256L << 20;
    private static final String FOLDER = "/var/lib/holdfast-test";
    private static final String TEST_LABEL = "dev.holdfast.sandbox";
    private static final String OWNER_LABEL = "dev.holdfast.sandbox.owner";
    private static final String DEADLINE_LABEL = "dev.holdfast.sandbox.deadline";

    private final DockerClient docker = Docker.client();
    private final String owner = "test/" + UUID.randomUUID();

    @Override
    Sandbox open() {
        return engine(owner).open(wanted());
    }

    @Test
    void whatAValidatorMadeAndDidNotLiveToStartIsRemovedAtItsNextStart() {
        String container = made("mine/" + owner, Instant.now().plusSeconds(3600));

        // the engine tells to the second when it was made; a start within that second may be the same life's
        Awaitility.await("a start of the next second removes it")
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    engine("mine/" + owner).removeLeftovers();
                    return !exists(container);
                });
    }

    @Test
    void whatAnotherValidatorLeftIsRemovedOnceNobodyCanNeedIt() {
        String fresh = made("other/" + owner, Instant.now().plusSeconds(3600));
        String late = made("other/" + owner, Instant.now().minusSeconds(1));

        engine("third/" + owner).removeLeftovers();

        assertThat(exists(late)).isFalse();
        assertThat(exists(fresh)).isTrue();
        docker.removeContainerCmd(fresh).exec();
    }

    @Test
    void aVolumeThatLostItsContainerIsRemovedAfterItsDeadline() {
        String name = "holdfast-test-" + UUID.randomUUID();
        docker.createVolumeCmd()
                .withName(name)
                .withLabels(labels("other/" + owner, Instant.now().minusSeconds(1)))
                .exec();

        engine("third/" + owner).removeLeftovers();

        assertThat(docker.listVolumesCmd().exec().getVolumes())
                .noneMatch(volume -> volume.getName().equals(name));
    }

    @Test
    void theSandboxThatRunsIsNobodysToRemove() {
        engine("third/" + owner).removeLeftovers();

        assertThat(bash("true").exitCode()).isZero();
    }

    @Test
    void aFolderThatIsAVolumeOfTheEngineIsSeenAtItsPathAndNotWrittenTo() {
        String volume = "holdfast-test-" + UUID.randomUUID();
        docker.createVolumeCmd().withName(volume).exec();
        try {
            fill(volume);
            try (Sandbox sandbox = inContainer(volume).open(wantedAt(FOLDER))) {
                assertThat(text(sandbox, "cat " + FOLDER + "/file")).isEqualTo("here");
                assertThat(sandbox.run(shell("touch " + FOLDER + "/other")).err())
                        .contains("Read-only file system");
            }
        } finally {
            docker.removeVolumeCmd(volume).exec();
        }
    }

    @Test
    void aVolumeThatTheEngineDoesNotHaveIsNamedAndNotMade() {
        String volume = "holdfast-test-" + UUID.randomUUID();

        assertThatThrownBy(() -> inContainer(volume).open(wantedAt(FOLDER)))
                .isInstanceOf(ProofStopped.class)
                .hasMessageContaining("CONFIGURATION: HOLDFAST_SANDBOX_VOLUMES names the volume " + volume);

        assertThat(docker.listVolumesCmd().exec().getVolumes())
                .noneMatch(present -> present.getName().equals(volume));
    }

    private DockerEngine inContainer(String volume) {
        return new DockerEngine(
                docker, settings(owner), SharedVolumes.of(FOLDER + "=" + volume), Path.of("/tmp"), Clock.systemUTC());
    }

    private void fill(String volume) {
        String container = docker.createContainerCmd(Prover.IMAGE)
                .withUser("0")
                .withCmd("sh", "-c", "echo here > /volume/file")
                .withHostConfig(HostConfig.newHostConfig().withBinds(new Bind(volume, new Volume("/volume"))))
                .exec()
                .getId();
        docker.startContainerCmd(container).exec();
        docker.waitContainerCmd(container).start().awaitStatusCode();
        docker.removeContainerCmd(container).exec();
    }

    private static String text(Sandbox sandbox, String script) {
        return sandbox.run(shell(script)).out().strip();
    }

    private static Sandbox.Command shell(String script) {
        return new Sandbox.Command(List.of("sh", "-c", script), Duration.ofMinutes(1));
    }

    private static SandboxEngine.Wanted wantedAt(String folder) {
        return new SandboxEngine.Wanted(
                UUID.randomUUID(),
                new RepositoryPlace(new RepositoryPlace.Folder(Path.of(folder)), "", 999, 999),
                Duration.ofHours(1),
                Optional.empty());
    }

    private String made(String by, Instant deadline) {
        return docker.createContainerCmd(Prover.IMAGE)
                .withCmd("cat")
                .withLabels(labels(by, deadline))
                .exec()
                .getId();
    }

    private static Map<String, String> labels(String by, Instant deadline) {
        return Map.of(
                TEST_LABEL,
                UUID.randomUUID().toString(),
                OWNER_LABEL,
                by,
                DEADLINE_LABEL,
                String.valueOf(deadline.getEpochSecond()));
    }

    private boolean exists(String container) {
        try {
            docker.inspectContainerCmd(container).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private DockerEngine engine(String by) {
        return new DockerEngine(docker, settings(by), Clock.systemUTC());
    }

    private static SandboxSettings settings(String by) {
        return new SandboxSettings(
                Prover.IMAGE,
                by,
                MEMORY,
                1L << 30,
                PROCESSES,
                2,
                workspace -> PgBackRest.environment(DockerEngine.CONFIGURATION, workspace));
    }

    private SandboxEngine.Wanted wanted() {
        String[] ids = grounds.repository().repositoryOwner().split(":", 2);
        return new SandboxEngine.Wanted(
                UUID.randomUUID(),
                new RepositoryPlace(
                        new RepositoryPlace.Folder(grounds.repository().path()),
                        "",
                        Integer.parseInt(ids[0]),
                        Integer.parseInt(ids[1])),
                Duration.ofHours(1),
                Optional.empty());
    }
}
