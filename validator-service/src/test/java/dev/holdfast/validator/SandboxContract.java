package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every isolated sandbox keeps, whatever engine made it: a real one is attacked from inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SandboxContract {

    /** The limit of processes that the sandbox is made with. */
    static final int PROCESSES = 64;

    final Grounds grounds = Grounds.shared();
    private Sandbox sandbox;

    /** Makes the sandbox that is attacked. */
    abstract Sandbox open();

    /** How many processes may run inside; of no meaning where the engine says that it does not limit them. */
    int mostProcesses() {
        return "absent".equals(sandbox.limits().get("processes")) ? Integer.MAX_VALUE : PROCESSES;
    }

    @BeforeAll
    void make() {
        sandbox = open();
    }

    @AfterAll
    void remove() {
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

        assertThat(Integer.parseInt(finished.out())).isBetween(1, mostProcesses());
    }

    @Test
    void memoryWithoutEndStopsAtTheLimit() {
        // a line without end has to be held
        Sandbox.Finished finished = bash("head -c 1G /dev/zero | tail -n 1 >/dev/null; exit ${PIPESTATUS[1]}");

        assertThat(finished.exitCode()).isNotZero();
    }

    Sandbox.Finished bash(String script) {
        return run("bash", "-c", script);
    }

    Sandbox.Finished run(String... command) {
        return sandbox.run(new Sandbox.Command(List.of(command), Duration.ofMinutes(2)));
    }
}
