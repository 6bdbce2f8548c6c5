package dev.holdfast.validator.sandbox;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.ExecStartCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container. */
final class DockerSandbox implements Sandbox {

    /**
     * A container that was created.
     *
     * @param id the engine's name of it
     * @param imageDigest identity of its image
     * @param settings how it was made
     * @param place what it sees
     * @param wayOut how it reaches a repository elsewhere; empty for a folder of this machine
     * @param whenGone told its id once it is removed
     */
    record Made(
            String id,
            String imageDigest,
            SandboxSettings settings,
            RepositoryPlace place,
            Optional<WayOut> wayOut,
            Consumer<String> whenGone) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(DockerSandbox.class);
    private static final Duration HANDED_WITHIN = Duration.ofMinutes(5);
    // as many bytes as there are: not every engine tells the program that its input has ended
    private static final String TAKE = "umask 077; head -c \"$2\" > \"$1\"";

    private final DockerClient docker;
    private final Made made;
    private final LifeLine lifeLine = new LifeLine();

    private DockerSandbox(DockerClient docker, Made made) {
        this.docker = docker;
        this.made = made;
    }

    static DockerSandbox start(DockerClient docker, Made made) {
        DockerSandbox sandbox = new DockerSandbox(docker, made);
        docker.attachContainerCmd(made.id())
                .withStdIn(sandbox.lifeLine)
                .withFollowStream(true)
                .exec(new ResultCallback.Adapter<>());
        docker.startContainerCmd(made.id()).exec();
        sandbox.takeSettings();
        made.wayOut().ifPresent(way -> sandbox.require(way.whenInside(), WayOut.MISSING));
        return sandbox;
    }

    /** Through the standard input of a program inside, into its memory: no list of containers or processes shows them. */
    private void takeSettings() {
        byte[] settings = made.place().settings().getBytes(StandardCharsets.UTF_8);
        List<String> command =
                List.of("sh", "-c", TAKE, "sh", DockerEngine.CONFIGURATION.toString(), String.valueOf(settings.length));
        CollectedOutput output = new CollectedOutput();
        String exec = exec(command, output, Optional.of(new ByteArrayInputStream(settings)));
        if (!completes(output, HANDED_WITHIN) || exitCode(exec) != 0) {
            throw new ProofStopped(
                    Reason.SANDBOX,
                    "the sandbox did not take pgBackRest's configuration: "
                            + output.err().strip());
        }
    }

    private void require(List<String> command, String otherwise) {
        Finished finished = run(new Command(command, HANDED_WITHIN));
        if (!finished.succeeded()) {
            throw new ProofStopped(
                    Reason.IMAGE, otherwise + ": " + finished.err().strip());
        }
    }

    @Override
    public String workspace() {
        return DockerEngine.WORKSPACE;
    }

    @Override
    public Optional<String> repository() {
        return made.place().where() instanceof RepositoryPlace.Folder(Path path)
                ? Optional.of(path.toString())
                : Optional.empty();
    }

    @Override
    public Optional<String> brokenWay() {
        return made.wayOut().flatMap(WayOut::trouble);
    }

    @Override
    public long diskLimit() {
        return made.settings().diskBytes();
    }

    @Override
    public Finished run(Command command) {
        CollectedOutput output = new CollectedOutput();
        String exec = exec(command.arguments(), output, Optional.empty());
        if (!completes(output, command.limit())) {
            throw new ProofStopped(
                    Reason.TIMEOUT,
                    "'%s' was not over after %s; raise HOLDFAST_VALIDATOR_TIME_LIMIT"
                            .formatted(command.arguments().getFirst(), command.limit()));
        }
        return new Finished(exitCode(exec), output.out(), output.err());
    }

    @Override
    public Running start(List<String> arguments, Consumer<String> lines) {
        LineOutput output = new LineOutput(lines);
        String exec = exec(arguments, output, Optional.empty());
        return limit -> completes(output, limit) ? Optional.of(exitCode(exec)) : Optional.empty();
    }

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public Optional<String> imageDigest() {
        return Optional.of(made.imageDigest());
    }

    @Override
    public String network() {
        return made.wayOut().map(way -> "none, but one way to " + way).orElse("none");
    }

    @Override
    public Map<String, String> limits() {
        SandboxSettings settings = made.settings();
        Map<String, String> limits = new TreeMap<>(Map.of(
                "memory", String.valueOf(settings.memoryBytes()),
                "processes", String.valueOf(settings.processes()),
                "cpus", String.valueOf(settings.cpus()),
                // Docker's local volumes know no quota
                "disk", "absent"));
        // whether the keys may write is for the storage to say; nothing in here forbids it
        made.wayOut().ifPresent(_ -> limits.put("repository-writes", "absent"));
        return limits;
    }

    @Override
    public void close() {
        lifeLine.close();
        remove(docker, made.id());
        made.whenGone().accept(made.id());
    }

    /** Removes a container and its volume; that it is gone already, or going, is fine. */
    static void remove(DockerClient docker, String id) {
        try {
            docker.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException e) {
            LOGGER.atDebug().addKeyValue("container", id).log("the engine removes the sandbox itself");
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("container", id)
                    .addKeyValue("error", e.getMessage())
                    .log("a sandbox could not be removed; the validator tries again every five minutes");
        }
    }

    private String exec(List<String> arguments, ResultCallback.Adapter<Frame> output, Optional<InputStream> input) {
        try {
            String exec = docker.execCreateCmd(made.id())
                    .withCmd(arguments.toArray(String[]::new))
                    .withAttachStdin(input.isPresent())
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            ExecStartCmd start = docker.execStartCmd(exec);
            input.ifPresent(start::withStdIn);
            start.exec(output);
            return exec;
        } catch (RuntimeException e) {
            throw engine(e);
        }
    }

    private static boolean completes(ResultCallback.Adapter<Frame> output, Duration limit) {
        try {
            return output.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        } catch (RuntimeException e) {
            throw engine(e);
        }
    }

    private int exitCode(String exec) {
        try {
            Long code = docker.inspectExecCmd(exec).exec().getExitCodeLong();
            return code == null ? -1 : code.intValue();
        } catch (RuntimeException e) {
            throw engine(e);
        }
    }

    private static ProofStopped engine(RuntimeException e) {
        return new ProofStopped(Reason.ENGINE, "the container engine failed during the test: " + e.getMessage(), e);
    }

    /** Collects what a command writes. */
    private static final class CollectedOutput extends ResultCallback.Adapter<Frame> {

        private static final int MOST_OUT = 256 << 20;
        private static final int MOST_ERR = 1 << 20;

        private final BoundedBytes out = new BoundedBytes(MOST_OUT);
        private final BoundedBytes err = new BoundedBytes(MOST_ERR);

        @Override
        public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? err : out).add(frame.getPayload());
        }

        String out() {
            return out.text();
        }

        String err() {
            return err.text();
        }
    }

    /** Hands each line on; the streams are assembled apart, for a frame may end within a line. */
    private static final class LineOutput extends ResultCallback.Adapter<Frame> {

        private final LineAssembler out;
        private final LineAssembler err;

        LineOutput(Consumer<String> lines) {
            this.out = new LineAssembler(lines);
            this.err = new LineAssembler(lines);
        }

        @Override
        public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? err : out).add(frame.getPayload());
        }

        @Override
        public void close() throws IOException {
            out.end();
            err.end();
            super.close();
        }
    }
}
