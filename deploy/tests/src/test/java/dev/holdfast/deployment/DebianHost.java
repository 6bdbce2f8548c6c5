package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.nio.file.Path;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A Debian with PostgreSQL's and pgBackRest's packages and nothing set up, on which pages are followed as root. */
final class DebianHost implements AutoCloseable {

    /** The packages that the guide's first command installs, and nothing else. */
    private static final String IMAGE = "holdfast/sandbox:15";

    private final GenericContainer<?> container;

    private DebianHost(GenericContainer<?> container) {
        this.container = container;
    }

    /** One without a network, to be started. */
    static DebianHost alone() {
        return new DebianHost(image().withNetworkMode("none"));
    }

    /** One that the caller puts into a network, before it is started. */
    static DebianHost of(java.util.function.UnaryOperator<GenericContainer<?>> placed) {
        return new DebianHost(placed.apply(image()));
    }

    private static GenericContainer<?> image() {
        return new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withImagePullPolicy(image -> false)
                // root's on Debian; the image has a shorter one
                .withEnv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                .withCreateContainerCmdModifier(create -> create.withUser("root"));
    }

    /** Starts it. */
    DebianHost started() throws IOException, InterruptedException {
        container.start();
        run("install -d -o postgres -g postgres -m 2775 /var/log/postgresql");
        return this;
    }

    /** Does one step of a page; commands know the variables given. */
    void follow(Page.Step step, String given) throws IOException, InterruptedException {
        switch (step) {
            case Page.Commands commands -> run(commands.place(), given + commands.text());
            case Page.Content content -> container.copyFileToContainer(Transferable.of(content.text()), content.file());
        }
    }

    /** Puts a file of this machine there. */
    void take(Path file, String target) {
        container.copyFileToContainer(MountableFile.forHostPath(file), target);
    }

    /** The answer of its database to a statement. */
    String sql(String statement) throws IOException, InterruptedException {
        return run("runuser -u postgres -- psql -qAtXc \"%s\"".formatted(statement))
                .strip();
    }

    /** Runs a script of the test itself, as root, and gives what it printed. */
    String run(String script) throws IOException, InterruptedException {
        return run("the test's own command", script);
    }

    private String run(String place, String script) throws IOException, InterruptedException {
        ExecResult result = container.execInContainer("bash", "-euc", script);
        assertThat(result.getExitCode())
                .as("%s%n%s%n%s%s", place, script, result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    @Override
    public void close() {
        container.close();
    }
}
