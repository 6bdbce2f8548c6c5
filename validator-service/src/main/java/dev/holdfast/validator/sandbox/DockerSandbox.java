package dev.holdfast.validator.sandbox;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param whenGone told its id once it is removed
     */
    record Made(
            String id,
            String imageDigest,
            SandboxSettings settings,
            RepositoryPlace place,
            Consumer<String> whenGone) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(DockerSandbox.class);

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
        return sandbox;
    }

    @Override
    public String workspace() {
        return DockerEngine.WORKSPACE;
    }

    @Override
    public String repository() {
        return made.place().repository().toString();
    }

    @Override
    public long diskLimit() {
        return made.settings().diskBytes();
    }

    @Override
    public Finished run(Command command) {
        CollectedOutput output = new CollectedOutput();
        String exec = exec(command.arguments(), output);
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
        String exec = exec(arguments, output);
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
        return "none";
    }

    @Override
    public Map<String, String> limits() {
        SandboxSettings settings = made.settings();
        return Map.of(
                "memory", String.valueOf(settings.memoryBytes()),
                "processes", String.valueOf(settings.processes()),
                "cpus", String.valueOf(settings.cpus()),
                // Docker's local volumes know no quota
                "disk", "absent");
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

    private String exec(List<String> arguments, ResultCallback.Adapter<Frame> output) {
        try {
            String exec = docker.execCreateCmd(made.id())
                    .withCmd(arguments.toArray(String[]::new))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            docker.execStartCmd(exec).exec(output);
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
