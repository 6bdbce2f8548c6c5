package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dead and living validators leave of sandboxes that are plain processes, seen by another one. */
class ProcessLeftoversTest {

    @TempDir
    private Path folder;

    @Test
    void whatADeadValidatorLeftIsEndedAndRemovedByAnyOther() throws Exception {
        Path workspace = Files.createDirectory(folder.resolve("holdfast-sandbox-0badcafe-1"));
        Files.createDirectory(workspace.resolve("data"));
        Files.createFile(lock(workspace));
        Process left = process(workspace);

        engine("living").removeLeftovers();

        assertThat(left.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(workspace).doesNotExist();
        assertThat(lock(workspace)).doesNotExist();
    }

    @Test
    void whatALivingValidatorWorksInIsNobodysToRemoveUntilItDies() throws Exception {
        Path workspace = Files.createDirectory(folder.resolve("holdfast-sandbox-0badcafe-2"));
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        workspace.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("held");

            engine("living").removeLeftovers();
            assertThat(workspace).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }

        engine("living").removeLeftovers();
        assertThat(workspace).doesNotExist();
    }

    @Test
    void aSandboxThatIsClosedLeavesNothingAndOneThatRunsIsKept() throws IOException {
        SandboxEngine engine = engine("living");
        Sandbox sandbox = engine.open(
                new SandboxEngine.Wanted(UUID.randomUUID(), place(), Duration.ofHours(1), Optional.empty()));

        engine("same process").removeLeftovers();
        assertThat(Path.of(sandbox.workspace())).exists();

        sandbox.close();
        assertThat(folder).isEmptyDirectory();
    }

    private RepositoryPlace place() throws IOException {
        int uid = (Integer) Files.getAttribute(folder, "unix:uid");
        int gid = (Integer) Files.getAttribute(folder, "unix:gid");
        return new RepositoryPlace(new RepositoryPlace.Folder(folder), "", uid, gid);
    }

    private static Process process(Path workspace) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "3600");
        builder.environment().put("HOLDFAST_SANDBOX_WORKSPACE", workspace.toString());
        return builder.start();
    }

    private static Path lock(Path workspace) {
        return workspace.resolveSibling(workspace.getFileName() + ".lock");
    }

    private ProcessEngine engine(String owner) {
        return new ProcessEngine(folder, new SandboxSettings("", owner, 1L << 30, 1L << 30, 64, 1, _ -> Map.of()));
    }
}
