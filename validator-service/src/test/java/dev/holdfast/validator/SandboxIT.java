package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real sandbox, attacked from inside; and what is left of one when its validator dies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SandboxIT {

    private static final long MEMORY = 256L << 20;
    private static final int PROCESSES = 64;
    private static final String TEST_LABEL = "dev.holdfast.sandbox";
    private static final String OWNER_LABEL = "dev.holdfast.sandbox.owner";
    private static final String DEADLINE_LABEL = "dev.holdfast.sandbox.deadline";

    private final Grounds grounds = Grounds.shared();
    private final DockerClient docker = Docker.client();
    private final String owner = "test/" + UUID.randomUUID();
    private Sandbox sandbox;

    @BeforeAll
    void open() {
        sandbox = engine(owner).open(wanted());
    }

    @AfterAll
    void close() {
        sandbox.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "reach an address | exec 3<>/dev/tcp/192.0.2.1/53",
                "ask for a name | getent hosts example.org",
                "write the repository | touch $REPOSITORY/written",
                "delete from the repository | rm -rf $REPOSITORY/archive/* && test ! -e $REPOSITORY/archive/grounds",
                "make the repository writable | chmod -R u+w $REPOSITORY",
                "mount it again | mount -o remount,rw $REPOSITORY",
                "archive into the repository | pgbackrest repo-put archive/grounds/15-1/000000090000000000000001 </etc/hostname",
                "write the root | touch /written",
                "see the host's files | ls $HOST",
                "see the host's processes | test $(ls -d /proc/[0-9]* | wc -l) -gt 20",
                "talk to the container engine | test -e /var/run/docker.sock",
                "become root | su -c true",
                "make namespaces | unshare --user --map-root-user true",
                "make a device | mknod /tmp/disk b 254 0",
                "run a program from the temporary folder | cp /bin/true /tmp/true && /tmp/true",
                "change the clock | date -s 2000-01-01",
                "read the kernel's memory | head -c 1 /dev/mem"
            })
    void nothingInsideCan(String attempt, String command) {
        Sandbox.Finished finished = bash("export REPOSITORY=%s HOST=%s; %s"
                .formatted(grounds.repository().path(), grounds.cluster().dataDirectory(), command));

        assertThat(finished.exitCode()).as(attempt + finished.out()).isNotZero();
    }

    @Test
    void theHostsLoopbackIsAnotherOne() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(bash("exec 3<>/dev/tcp/127.0.0.1/" + listening.getLocalPort())
                            .exitCode())
                    .isNotZero();
        }
    }

    @Test
    void aForkWithoutEndStopsAtTheLimit() {
        Sandbox.Finished finished = run("perl", "-e", """
                for (1 .. 400) {
                  my $child = fork;
                  last unless defined $child;
                  if ($child == 0) { sleep 60; exit 0 }
                  push @children, $child;
                }
                print scalar @children;
                kill 9, @children;
                """);

        assertThat(Integer.parseInt(finished.out())).isBetween(1, PROCESSES);
    }

    @Test
    void memoryWithoutEndStopsAtTheLimit() {
        // a line without end has to be held
        Sandbox.Finished finished = bash("head -c 1G /dev/zero | tail -n 1 >/dev/null; exit ${PIPESTATUS[1]}");

        assertThat(finished.exitCode()).isNotZero();
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

    private Sandbox.Finished bash(String script) {
        return run("bash", "-c", script);
    }

    private Sandbox.Finished run(String... command) {
        return sandbox.run(new Sandbox.Command(List.of(command), Duration.ofMinutes(2)));
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
        SandboxSettings settings = new SandboxSettings(
                Prover.IMAGE,
                by,
                MEMORY,
                1L << 30,
                PROCESSES,
                2,
                workspace -> PgBackRest.environment(DockerEngine.CONFIGURATION, workspace));
        return new DockerEngine(docker, settings, Clock.systemUTC());
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
