package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Closing;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A Debian 12 with PostgreSQL and pgBackRest, and nothing else: a container that sees the ports of this machine, where a test is
 * root. What is installed and written lies in volumes, so that services can run in containers of their own beside it, as shut in as
 * their units say.
 */
final class TargetHost implements AutoCloseable {

    private static final String IMAGE = "holdfast/sandbox:15";

    /** By it the build removes what a test that was killed left. */
    private static final List<String> LABEL = List.of("--label", "org.testcontainers=true");

    private static final List<String> VOLUMES = List.of("/etc", "/var", "/run", "/tmp", "/usr/lib/holdfast");

    private final Deque<AutoCloseable> services = new ArrayDeque<>();
    private final String container;

    /**
     * @param mounted folders of this machine that it sees at the same paths, to be written
     */
    TargetHost(List<Path> mounted) {
        List<String> command = new ArrayList<>(List.of("docker", "run", "--detach", "--network=host", "--user=root"));
        command.addAll(LABEL);
        VOLUMES.forEach(volume -> command.addAll(List.of("--volume", volume)));
        mounted.forEach(folder -> command.addAll(List.of("--volume", folder + ":" + folder)));
        // root's on Debian; the image has a shorter one
        command.addAll(List.of("--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        command.addAll(List.of(IMAGE, "sleep", "infinity"));
        container = Command.output(command).strip();
        run("install -d -o postgres -g postgres -m 2775 /var/log/postgresql");
        // what the image says of itself no Debian has
        run("rm -r /usr/share/doc/holdfast");
    }

    /** Runs a script as root and gives what it prints; it must succeed. */
    String run(String script) {
        return run("the test's own command", script);
    }

    /** The same, with where the script is from for the message. */
    String run(String place, String script) {
        Command.Ended ended = attempt(script);
        assertThat(ended.exitCode())
                .as("%s%n%s%n%s%s", place, script, ended.stdout(), ended.stderr())
                .isZero();
        return ended.stdout();
    }

    /** Runs a script as root, whatever becomes of it. */
    Command.Ended attempt(String script) {
        return Command.run(List.of("docker", "exec", container, "bash", "-euc", script), Map.of());
    }

    /** Writes a file, root's and readable by all. */
    void write(String file, String text) {
        Command.Ended ended = Command.run(
                List.of(
                        "docker",
                        "exec",
                        "--env",
                        "TEXT=" + text,
                        container,
                        "bash",
                        "-euc",
                        "mkdir -p \"$(dirname '%s')\" && printf %%s \"$TEXT\" > '%s'".formatted(file, file)),
                Map.of());
        assertThat(ended.exitCode()).as(ended.stderr()).isZero();
    }

    /** Copies a file of this machine to it. */
    void copy(Path file, String target) {
        Command.output(List.of("docker", "cp", file.toString(), container + ":" + target));
    }

    /** The engine's name of the volume at one of its folders. */
    String volume(String folder) {
        return Command.output(List.of(
                        "docker",
                        "inspect",
                        "--format={{range .Mounts}}{{if eq .Destination \"%s\"}}{{.Name}}{{end}}{{end}}"
                                .formatted(folder),
                        container))
                .strip();
    }

    /** An installed unit. */
    UnitFile unit(String name) {
        return UnitFile.parsed(name, run("cat /lib/systemd/system/" + name));
    }

    /** Starts the command of an installed unit, as systemd would. It ends with this host, if not before. */
    InstalledService start(UnitFile unit, Map<String, String> more) {
        InstalledService service = InstalledService.started(this, container, LABEL, IMAGE, unit, more);
        services.push(service);
        return service;
    }

    /** Removes it, its services and its volumes. */
    @Override
    public void close() {
        // after the services: they use its volumes
        services.addLast(() -> Command.output(List.of("docker", "rm", "--force", "--volumes", container)));
        Closing.all(services);
    }
}
