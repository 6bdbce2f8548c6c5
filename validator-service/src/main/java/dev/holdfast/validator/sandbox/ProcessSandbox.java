package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes in one folder. Every one of them carries the folder in its environment, by which it is found and ended. */
final class ProcessSandbox implements Sandbox {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProcessSandbox.class);
    private static final String MARK = "HOLDFAST_SANDBOX_WORKSPACE";

    private final Path workspace;
    private final RepositoryPlace place;
    private final List<String> prefix;
    private final SandboxSettings settings;
    private final Consumer<Path> whenGone;

    ProcessSandbox(
            Path workspace,
            RepositoryPlace place,
            List<String> prefix,
            SandboxSettings settings,
            Consumer<Path> whenGone) {
        this.workspace = workspace;
        this.place = place;
        this.prefix = List.copyOf(prefix);
        this.settings = settings;
        this.whenGone = whenGone;
    }

    @Override
    public String workspace() {
        return workspace.toString();
    }

    @Override
    public Optional<String> repository() {
        return place.where() instanceof RepositoryPlace.Folder(Path path)
                ? Optional.of(path.toString())
                : Optional.empty();
    }

    /** It goes by this machine's own network. */
    @Override
    public Optional<String> brokenWay() {
        return Optional.empty();
    }

    @Override
    public long diskLimit() {
        return settings.diskBytes();
    }

    @Override
    public Finished run(Command command) {
        BoundedBytes out = new BoundedBytes(256 << 20);
        BoundedBytes err = new BoundedBytes(1 << 20);
        Process process = launch(command.arguments());
        Thread reader = pump(process.getErrorStream(), err::add);
        Thread other = pump(process.getInputStream(), out::add);
        if (awaitEnd(process, command.limit()).isEmpty()) {
            process.destroyForcibly();
            throw new ProofStopped(
                    Reason.TIMEOUT,
                    "'%s' was not over after %s; raise HOLDFAST_VALIDATOR_TIME_LIMIT"
                            .formatted(command.arguments().getFirst(), command.limit()));
        }
        join(reader);
        join(other);
        return new Finished(process.exitValue(), out.text(), err.text());
    }

    @Override
    public Running start(List<String> arguments, Consumer<String> lines) {
        Process process = launch(arguments);
        LineAssembler out = new LineAssembler(lines);
        LineAssembler err = new LineAssembler(lines);
        Thread first = pump(process.getInputStream(), out::add);
        Thread second = pump(process.getErrorStream(), err::add);
        return limit -> {
            Optional<Integer> ended = awaitEnd(process, limit);
            ended.ifPresent(_ -> {
                join(first);
                join(second);
            });
            return ended;
        };
    }

    @Override
    public String kind() {
        return "process";
    }

    @Override
    public Optional<String> imageDigest() {
        return Optional.empty();
    }

    @Override
    public String network() {
        return "host";
    }

    @Override
    public Map<String, String> limits() {
        return Map.of("memory", "absent", "processes", "absent", "cpus", "absent", "disk", "absent");
    }

    @Override
    public void close() {
        killAll(workspace);
        delete(workspace);
        whenGone.accept(workspace);
    }

    private Process launch(List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(workspace.toFile());
        Map<String, String> environment = builder.environment();
        String path = ProcessEngine.path(environment);
        environment.clear();
        environment.putAll(settings.environment().apply(workspace()));
        environment.putAll(
                Map.of("PATH", path, "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "HOME", workspace(), MARK, workspace()));
        try {
            return builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "the process sandbox lacks a program: %s; run deploy/local/prepare".formatted(e.getMessage()),
                    e);
        }
    }

    private static Thread pump(InputStream stream, Consumer<byte[]> sink) {
        return Thread.ofVirtual().start(() -> {
            try (stream) {
                byte[] buffer = new byte[8192];
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    sink.accept(java.util.Arrays.copyOf(buffer, read));
                }
            } catch (IOException e) {
                LOGGER.atDebug().addKeyValue("error", e.toString()).log("a sandbox process ended while it was read");
            }
        });
    }

    private static Optional<Integer> awaitEnd(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(process.exitValue())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        }
    }

    /** Ends every process of a workspace, whoever started it. */
    static void killAll(Path workspace) {
        ProcessHandle.allProcesses()
                .filter(process -> belongsTo(process, workspace))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean belongsTo(ProcessHandle process, Path workspace) {
        Path environment = Path.of("/proc", String.valueOf(process.pid()), "environ");
        try {
            return new String(Files.readAllBytes(environment), StandardCharsets.UTF_8)
                    .contains(MARK + "=" + workspace + "\0");
        } catch (IOException e) {
            // it has ended, or belongs to somebody else
            return false;
        }
    }

    /** Deletes a workspace. */
    static void delete(Path workspace) {
        if (!Files.exists(workspace)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(workspace)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOGGER.atError()
                    .addKeyValue("error", e.toString())
                    .log("a workspace could not be deleted; the validator tries again every five minutes");
        }
    }
}
