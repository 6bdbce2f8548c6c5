package dev.holdfast.deployment;

import dev.holdfast.testsupport.outside.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release before, built from this checkout's own history: only what the four services need, without tests, checks and
 * start-up caches. A build is kept under {@code target} by its commit.
 */
final class FormerRelease {

    private static final Logger LOGGER = LoggerFactory.getLogger(FormerRelease.class);
    /** The tag, and the commit that it stands for: a checkout may have come without tags. */
    private static final List<String> NAMES = List.of("v0.1.0", "ae9d256");

    private static final String SERVICES = "scheduler-service,catalog-service,validator-service,runner-service";
    private static final int MINUTES = 20;

    private FormerRelease() {}

    /**
     * Its root, with packaged apps; this checkout's own where the history does not reach back, which is said in the log.
     *
     * @throws IllegalStateException if it is there and cannot be built
     */
    static Path built() throws IOException {
        Path root = Path.of(System.getProperty("holdfast.root"));
        Optional<String> commit =
                NAMES.stream().flatMap(name -> commit(root, name)).findFirst();
        if (commit.isEmpty()) {
            LOGGER.warn(
                    "NO UPGRADE IS TESTED: this checkout's history has none of {} (a shallow clone?), so the services are replaced by the same build",
                    NAMES);
            return root;
        }
        Path folder = root.resolve("deploy/tests/target/releases").resolve(commit.get());
        Path done = folder.resolve("built");
        if (!Files.exists(done)) {
            build(root, commit.get(), folder);
            Files.createFile(done);
        }
        return folder;
    }

    private static void build(Path root, String commit, Path folder) throws IOException {
        Files.createDirectories(folder);
        run(root, folder.resolve("archive.log"), "git archive %s | tar -x -C '%s'".formatted(commit, folder));
        leaveChecksOut(folder.resolve("pom.xml"));
        List<String> maven = new ArrayList<>(List.of(
                "./mvnw -B -ntp -q -T 2",
                "-Dmaven.test.skip=true -Dspotless.check.skip=true -Daot.skip=true",
                "-pl " + SERVICES,
                "-am package"));
        Stream.of("maven.repo.local", "maven.repo.local.tail")
                .filter(name -> System.getProperty(name) != null)
                .forEach(name -> maven.add("-D%s=%s".formatted(name, System.getProperty(name))));
        run(folder, folder.resolve("build.log"), String.join(" ", maven));
    }

    /** What was released has passed them, and they are most of the compiler's work. */
    private static void leaveChecksOut(Path pom) throws IOException {
        Files.writeString(pom, Files.readString(pom).replaceAll("<arg>-Xplugin:ErrorProne[^<]*</arg>", ""));
    }

    private static Stream<String> commit(Path root, String name) {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--verify", "--quiet", name + "^{commit}")
                    .directory(root.toFile())
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Stream.of(commit.strip()) : Stream.empty();
        } catch (IOException noGitOrNoRepository) {
            LOGGER.warn("the history cannot be asked for {}", name, noGitOrNoRepository);
            return Stream.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git was asked for " + name, e);
        }
    }

    private static void run(Path folder, Path log, String script) throws IOException {
        Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s in %s did not succeed:%n%s".formatted(script, folder, Folders.text(log)));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + script, e);
        }
    }
}
