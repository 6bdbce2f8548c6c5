package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pod. */
final class KubernetesSandbox implements Sandbox {

    /**
     * A pod that runs.
     *
     * @param name its name
     * @param imageDigest identity of its image
     * @param settings how it was made
     * @param place what it sees
     * @param whenGone told its name once it is removed
     */
    record Made(
            String name,
            String imageDigest,
            SandboxSettings settings,
            RepositoryPlace place,
            Consumer<String> whenGone) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(KubernetesSandbox.class);
    private static final Duration QUICK = Duration.ofMinutes(2);
    private static final int MOST_OUT = 256 << 20;
    private static final int MOST_ERR = 1 << 20;
    // the cluster's own API is what every pod could reach
    private static final String REACHES_OUT =
            "timeout 3 bash -c 'exec 3<>/dev/tcp/$KUBERNETES_SERVICE_HOST/$KUBERNETES_SERVICE_PORT'";
    // as many bytes as there are: not every cluster tells the program that its input has ended
    private static final String TAKE = "umask 077; head -c \"$2\" > \"$1\"";

    private final KubernetesClient client;
    private final KubernetesEngine.Site site;
    private final Made made;
    private final ExecWatch lifeLine;

    private KubernetesSandbox(KubernetesClient client, KubernetesEngine.Site site, Made made, ExecWatch lifeLine) {
        this.client = client;
        this.site = site;
        this.made = made;
        this.lifeLine = lifeLine;
    }

    static KubernetesSandbox start(KubernetesClient client, KubernetesEngine.Site site, Made made) {
        ExecWatch lifeLine =
                container(client, site, made.name()).redirectingInput().attach();
        KubernetesSandbox sandbox = new KubernetesSandbox(client, site, made, lifeLine);
        try {
            sandbox.takeConfiguration();
            sandbox.refuseOpenNetwork();
            return sandbox;
        } catch (ProofStopped e) {
            lifeLine.close();
            throw e;
        }
    }

    private void takeConfiguration() {
        take(KubernetesEngine.CONFIGURATION, made.place().settings().getBytes(StandardCharsets.UTF_8));
        if (made.place().where() instanceof RepositoryPlace.Remote remote) {
            remote.files().forEach(file -> take(file, contentOf(file)));
        }
    }

    private static byte[] contentOf(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ProofStopped(
                    Reason.CONFIGURATION, "%s, which pgBackRest needs, cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Through the standard input of a program inside, into its memory: no description of a pod shows it. */
    private void take(Path path, byte[] text) {
        Collected collected = new Collected();
        try (ExecWatch watch = container(client, site, made.name())
                .redirectingInput()
                .writingOutput(collected.out())
                .writingError(collected.err())
                .exec("sh", "-c", TAKE, "sh", path.toString(), String.valueOf(text.length))) {
            write(watch.getInput(), text);
            if (exitCode(watch, QUICK).filter(code -> code == 0).isEmpty()) {
                throw new ProofStopped(
                        Reason.SANDBOX, "the sandbox did not take %s: %s".formatted(path, collected.errText()));
            }
        } catch (KubernetesClientException e) {
            throw engine(e);
        }
    }

    private void write(OutputStream input, byte[] text) {
        try {
            input.write(text);
            input.flush();
        } catch (IOException e) {
            throw engine(e);
        }
    }

    /** A policy that nothing enforces cuts nobody off: not every cluster's network has something that does. */
    private void refuseOpenNetwork() {
        if (run(new Command(List.of("sh", "-c", REACHES_OUT), QUICK)).succeeded()) {
            throw new ProofStopped(
                    Reason.ENGINE,
                    "the sandbox reaches the cluster's API although the network policy %s denies it: the cluster's network enforces no policies. Nothing was restored."
                            .formatted(SandboxPod.POLICY));
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

    /** A pod's repository lies in its claim, or the cluster leads there; what is wrong then only pgBackRest sees. */
    @Override
    public Optional<String> brokenWay() {
        return Optional.empty();
    }

    @Override
    public long diskLimit() {
        return made.settings().diskBytes();
    }

    @Override
    public Finished run(Command command) {
        Collected collected = new Collected();
        try (ExecWatch watch = container(client, site, made.name())
                .writingOutput(collected.out())
                .writingError(collected.err())
                .exec(command.arguments().toArray(String[]::new))) {
            int code = exitCode(watch, command.limit())
                    .orElseThrow(() -> new ProofStopped(
                            Reason.TIMEOUT,
                            "'%s' was not over after %s; raise HOLDFAST_VALIDATOR_TIME_LIMIT"
                                    .formatted(command.arguments().getFirst(), command.limit())));
            return new Finished(code, collected.outText(), collected.errText());
        } catch (KubernetesClientException e) {
            throw engine(e);
        }
    }

    @Override
    public Running start(List<String> arguments, Consumer<String> lines) {
        LineAssembler out = new LineAssembler(lines);
        LineAssembler err = new LineAssembler(lines);
        try {
            ExecWatch watch = container(client, site, made.name())
                    .writingOutput(new Sink(out::add))
                    .writingError(new Sink(err::add))
                    .exec(arguments.toArray(String[]::new));
            return limit -> {
                Optional<Integer> ended = exitCode(watch, limit);
                ended.ifPresent(_ -> {
                    out.end();
                    err.end();
                    watch.close();
                });
                return ended;
            };
        } catch (KubernetesClientException e) {
            throw engine(e);
        }
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public Optional<String> imageDigest() {
        return Optional.of(made.imageDigest());
    }

    @Override
    public String network() {
        return made.place().where() instanceof RepositoryPlace.Remote remote
                ? "policy denies all, tried, but one way to %s at %s".formatted(remote.kind(), remote.address())
                : "policy denies all, tried";
    }

    @Override
    public Map<String, String> limits() {
        SandboxSettings settings = made.settings();
        Map<String, String> limits = new TreeMap<>(Map.of(
                "memory", String.valueOf(settings.memoryBytes()),
                "cpus", String.valueOf(settings.cpus()),
                "disk", String.valueOf(settings.diskBytes()),
                // the node's to set, not the pod's
                "processes", "absent"));
        if (made.place().where() instanceof RepositoryPlace.Remote) {
            // whether the keys may write is for the storage to say; nothing in here forbids it
            limits.put("repository-writes", "absent");
        }
        return limits;
    }

    @Override
    public void close() {
        lifeLine.close();
        remove(client, site, made.name());
        made.whenGone().accept(made.name());
    }

    /** Removes a pod at once; that it is gone already is fine. */
    static void remove(KubernetesClient client, KubernetesEngine.Site site, String name) {
        try {
            client.pods()
                    .inNamespace(site.namespace())
                    .withName(name)
                    .withGracePeriod(0)
                    .delete();
        } catch (KubernetesClientException e) {
            LOGGER.atError()
                    .addKeyValue("pod", name)
                    .addKeyValue("error", e.getMessage())
                    .log("a sandbox could not be removed; the validator tries again every five minutes");
        }
    }

    /** What the cluster says of a pod, in words. */
    static String trouble(KubernetesClient client, KubernetesEngine.Site site, String name) {
        try {
            Pod pod = client.pods().inNamespace(site.namespace()).withName(name).get();
            return pod == null ? "the pod is gone" : words(pod.getStatus());
        } catch (KubernetesClientException e) {
            return "the cluster does not answer: " + e.getMessage();
        }
    }

    private static String words(PodStatus status) {
        String conditions = status.getConditions().stream()
                .filter(condition -> !"True".equals(condition.getStatus()) && condition.getMessage() != null)
                .map(condition -> condition.getReason() + ": " + condition.getMessage())
                .reduce("", (all, next) -> all.isEmpty() ? next : all + "; " + next);
        return "%s %s %s"
                .formatted(
                        Optional.ofNullable(status.getReason()).orElse(""),
                        Optional.ofNullable(status.getMessage()).orElse(status.getPhase()),
                        conditions)
                .strip();
    }

    private static ContainerResource container(KubernetesClient client, KubernetesEngine.Site site, String name) {
        return client.pods().inNamespace(site.namespace()).withName(name).inContainer(SandboxPod.CONTAINER);
    }

    private Optional<Integer> exitCode(ExecWatch watch, Duration limit) {
        try {
            return Optional.of(watch.exitCode().get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted", e);
        } catch (ExecutionException e) {
            throw engine(e);
        }
    }

    /** The cluster ends a pod that takes more than it may, and says why. */
    private ProofStopped engine(Exception e) {
        String trouble = trouble(client, site, made.name());
        return new ProofStopped(
                reason(trouble),
                "the sandbox's pod ended during the test: %s (%s)".formatted(trouble, e.getMessage()),
                e);
    }

    static Reason reason(String trouble) {
        if (trouble.contains("ephemeral") || trouble.contains("EmptyDir volume")) {
            return Reason.SPACE;
        }
        if (trouble.contains("OOMKilled") || trouble.contains("low on resource: memory")) {
            return Reason.MEMORY;
        }
        return trouble.contains("DeadlineExceeded") ? Reason.TIMEOUT : Reason.ENGINE;
    }

    /** What a command writes, as far as it is kept. */
    private static final class Collected {

        private final BoundedBytes out = new BoundedBytes(MOST_OUT);
        private final BoundedBytes err = new BoundedBytes(MOST_ERR);

        OutputStream out() {
            return new Sink(out::add);
        }

        OutputStream err() {
            return new Sink(err::add);
        }

        String outText() {
            return out.text();
        }

        String errText() {
            return err.text();
        }
    }

    /** Hands on what is written. */
    private static final class Sink extends OutputStream {

        private final Consumer<byte[]> pieces;

        Sink(Consumer<byte[]> pieces) {
            this.pieces = pieces;
        }

        @Override
        public void write(int one) {
            pieces.accept(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            pieces.accept(Arrays.copyOfRange(buffer, offset, offset + length));
        }
    }
}
