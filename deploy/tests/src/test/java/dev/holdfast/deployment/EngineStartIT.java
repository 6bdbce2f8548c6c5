package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The container engine is stopped: it is started, or it is said what stands against that. The machine has one engine, which the other
 * tests use, so a program of the same name stands in for it here: what a child inherits does not depend on what it is.
 */
class EngineStartIT {

    private static final String ROOT = System.getProperty("holdfast.root");
    private static final String START = """
            . "$1/deploy/local/lib/say.sh"; . "$1/deploy/local/lib/packages.sh"
            . "$1/deploy/local/lib/daemon.sh"; . "$1/deploy/local/lib/engine.sh"
            ENGINE_RUN=$2/run ENGINE_LOG=$2/log/engine
            exec 9>"$2/lock"
            flock -n 9
            start_engine
            """;

    @TempDir
    private Path folder;

    private Path programs;

    @BeforeEach
    void layOut() throws IOException {
        programs = Files.createDirectory(folder.resolve("programs"));
        program("dockerd", "echo $$ >'%s'; exec sleep 300".formatted(engine()));
        program("docker", "test -s '%s'".formatted(engine()));
    }

    @AfterEach
    void end() throws IOException {
        if (Files.exists(engine())) {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void theEngineDoesNotHoldTheLockOfTheUpThatStartsIt() throws IOException {
        Command.Ended started = start();

        assertThat(started.exitCode()).as("%s", started).isZero();
        assertThat(ProcessHandle.of(pid())).isPresent();
        assertThat(Machine.processesThatHold(folder.resolve("lock"))).isEmpty();
    }

    @Test
    void anEngineThatEndsAtOnceIsToldWithItsLastWords() throws IOException {
        program("dockerd", "echo 'failed to start daemon: no space left' >&2; exit 1");

        Command.Ended refused = start();

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr())
                .contains("failed to start daemon: no space left", "ended as soon as it was started", "Its last words");
    }

    @Test
    void composeNamesTheEngineThatIsStoppedAndMakesNothing() {
        Path secrets = folder.resolve("secrets");

        Command.Ended refused = Command.run(
                List.of(Path.of(ROOT, "deploy/compose/up").toString(), "--yes"),
                Map.of(
                        "PATH",
                        programs + ":" + System.getenv("PATH"),
                        "DOCKER_HOST",
                        "unix:///nobody/here.sock",
                        "HOLDFAST_SECRETS",
                        secrets.toString()));

        assertThat(refused.exitCode()).as("%s", refused).isNotZero();
        assertThat(refused.stderr())
                .contains("no container engine answers at DOCKER_HOST=unix:///nobody/here.sock", "Start that engine")
                .contains("Docker Compose runs nothing without one")
                .doesNotContain("--sandbox=process");
        assertThat(secrets).doesNotExist();
    }

    private Command.Ended start() {
        return Command.run(
                List.of("bash", "-euo", "pipefail", "-c", START, "start", ROOT, folder.toString()),
                Map.of("PATH", programs + ":" + System.getenv("PATH")));
    }

    private Path engine() {
        return folder.resolve("engine.pid");
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readString(engine()).strip());
    }

    private void program(String name, String body) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
