package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Command {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Command() {}

    /**
     * What a program left.
     *
     * @param exitCode its exit status
     * @param stdout what it wrote to standard output
     * @param stderr what it wrote to standard error
     */
    public record Ended(int exitCode, String stdout, String stderr) {}

    /**
     * Runs it and gives its standard output.
     *
     * @throws IllegalStateException if its exit status is not 0
     */
    public static String output(List<String> command) {
        Ended ended = run(command, Map.of());
        if (ended.exitCode() != 0) {
            throw new IllegalStateException("%s ended with %d%n%s%s"
                    .formatted(String.join(" ", command), ended.exitCode(), ended.stdout(), ended.stderr()));
        }
        return ended.stdout();
    }

    /**
     * Runs it, whatever its exit status.
     *
     * @param environment added to this process's own
     * @throws IllegalStateException if it has not ended after five minutes; it is killed then
     */
    public static Ended run(List<String> command, Map<String, String> environment) {
        try {
            Path folder = Files.createTempDirectory("holdfast-command-");
            try {
                return run(command, environment, folder.resolve("stdout"), folder.resolve("stderr"));
            } finally {
                Cleanup.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + String.join(" ", command), e);
        }
    }

    private static Ended run(List<String> command, Map<String, String> environment, Path stdout, Path stderr)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                // a folder that every user may enter: PostgreSQL's programs complain about root's own
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("%s had not ended after %s".formatted(String.join(" ", command), LIMIT));
        }
        return new Ended(process.exitValue(), text(stdout), text(stderr));
    }

    private static String text(Path file) throws IOException {
        // not readString: pgBackRest sometimes writes bytes that are no UTF-8
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
