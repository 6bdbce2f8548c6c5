package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Containers of a manifest's pod, run by Docker as the kubelet would run them: the same command, variables, user, groups and mounts, a root
 * that cannot be written, no capability, and here no network either. Volumes have the owners and rights that Kubernetes gives them.
 */
final class PodOnDocker implements AutoCloseable {

    private static final String LABEL = "org.testcontainers=true";

    private final Manifests manifests;
    private final Manifests secrets;
    private final String image;
    private final String prefix = "holdfast-pod-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path files;
    private final Map<String, String> volumes = new HashMap<>();
    private final Set<String> running = new HashSet<>();

    /**
     * Nothing runs yet.
     *
     * @param image what all containers run, in the place of the manifest's
     */
    PodOnDocker(Manifests manifests, Manifests secrets, String image) throws IOException {
        this.manifests = manifests;
        this.secrets = secrets;
        this.image = image;
        this.files = Files.createTempDirectory("holdfast-pod-");
        Command.output(List.of("chmod", "0755", files.toString()));
    }

    /** Runs a container to its end. */
    Command.Ended run(PodTemplate pod, String container) throws IOException {
        return run(pod, container, commandOf(named(pod, container)), Map.of());
    }

    /** Runs another command where a container would run, to its end. */
    Command.Ended run(PodTemplate pod, String container, List<String> command, Map<String, String> variables)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("docker", "run", "--rm"));
        all.addAll(options(pod, named(pod, container), variables));
        all.addAll(command);
        return Command.run(all, Map.of());
    }

    /** Starts a container that goes on. */
    void start(PodTemplate pod, String container) throws IOException {
        List<String> all = new ArrayList<>(List.of("docker", "run", "--detach", "--name", nameOf(container)));
        all.addAll(options(pod, named(pod, container), Map.of()));
        all.addAll(commandOf(named(pod, container)));
        running.add(container);
        Command.output(all);
    }

    /** Runs a command in a container that goes on. */
    Command.Ended exec(String container, JsonNode command) {
        List<String> all = new ArrayList<>(List.of("docker", "exec", nameOf(container)));
        command.forEach(word -> all.add(word.asText()));
        return Command.run(all, Map.of());
    }

    /** True while it runs. */
    boolean isRunning(String container) {
        return Command.output(List.of("docker", "inspect", "--format", "{{.State.Running}}", nameOf(container)))
                .strip()
                .equals("true");
    }

    /** What it has written. */
    String log(String container) {
        Command.Ended ended = Command.run(List.of("docker", "logs", nameOf(container)), Map.of());
        return ended.stdout() + ended.stderr();
    }

    /** Removes a container; its volumes stay. */
    void remove(String container) {
        Command.run(List.of("docker", "rm", "--force", nameOf(container)), Map.of());
        running.remove(container);
    }

    /** The description of a container. */
    static JsonNode named(PodTemplate pod, String container) {
        return pod.containers().stream()
                .filter(one -> one.path("name").asText().equals(container))
                .findFirst()
                .orElseThrow();
    }

    private List<String> options(PodTemplate pod, JsonNode container, Map<String, String> variables)
            throws IOException {
        JsonNode context = pod.spec().path("securityContext");
        List<String> options = new ArrayList<>(List.of(
                "--label",
                LABEL,
                "--network=none",
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--user=%s:%s".formatted(context.path("runAsUser"), context.path("runAsGroup")),
                "--group-add=" + context.path("fsGroup"),
                "--entrypoint="));
        container.path("env").forEach(entry -> {
            String name = entry.path("name").asText();
            options.add("--env=%s=%s"
                    .formatted(
                            name,
                            variables.getOrDefault(name, entry.path("value").asText())));
        });
        for (JsonNode mount : container.path("volumeMounts")) {
            String place = place(pod, mount.path("name").asText());
            String rights = mount.path("readOnly").asBoolean() ? "ro" : "rw";
            // Docker would fill an empty volume with what the image has there
            String copied = place.startsWith("/") ? "" : ",nocopy";
            options.add("--volume=%s:%s:%s%s"
                    .formatted(place, mount.path("mountPath").asText(), rights, copied));
        }
        options.add(image);
        return options;
    }

    private static List<String> commandOf(JsonNode container) {
        List<String> command = new ArrayList<>();
        container.path("command").forEach(word -> command.add(word.asText()));
        return command;
    }

    /** A folder of files, or a volume of Docker's: claims under their names, so that pods share them. */
    private String place(PodTemplate pod, String volume) throws IOException {
        JsonNode description = Manifests.each(pod.spec().path("volumes"))
                .filter(one -> one.path("name").asText().equals(volume))
                .findFirst()
                .orElse(null);
        if (description == null) {
            return made(volume + "-" + pod.owner().name() + "-0", "2775");
        }
        if (description.has("persistentVolumeClaim")) {
            return made(description.at("/persistentVolumeClaim/claimName").asText(), "2775");
        }
        if (description.has("emptyDir")) {
            return made(pod.owner().name() + "-" + volume, "2777");
        }
        Path folder = Files.createDirectories(files.resolve(pod.owner().name()).resolve(volume));
        Stream<JsonNode> sources = description.has("projected")
                ? Manifests.each(description.at("/projected/sources"))
                : Stream.of(description);
        for (JsonNode source : sources.toList()) {
            fill(folder, source);
        }
        Command.output(List.of("chmod", "-R", "a+rX", folder.toString()));
        return folder.toString();
    }

    private void fill(Path folder, JsonNode source) throws IOException {
        boolean secret = source.has("secret");
        JsonNode reference = source.path(secret ? "secret" : "configMap");
        String name = reference.path("secretName").asText(reference.path("name").asText());
        JsonNode data = secret
                ? secrets.one("Secret", name).json().path("data")
                : manifests.one("ConfigMap", name).json().path("data");
        Map<String, String> paths = new HashMap<>();
        reference
                .path("items")
                .forEach(item ->
                        paths.put(item.path("key").asText(), item.path("path").asText()));
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            String text = entry.getValue().asText();
            if (paths.isEmpty() || paths.containsKey(entry.getKey())) {
                Path file = folder.resolve(paths.getOrDefault(entry.getKey(), entry.getKey()));
                Files.createDirectories(file.getParent());
                Files.write(
                        file,
                        secret
                                ? Base64.getDecoder().decode(text)
                                : text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    /** As Kubernetes makes them for a pod with an fsGroup. */
    private String made(String name, String mode) {
        return volumes.computeIfAbsent(name, _ -> {
            String volume = prefix + "-" + name;
            Command.output(List.of("docker", "volume", "create", "--label", LABEL, volume));
            Command.output(List.of(
                    "docker",
                    "run",
                    "--rm",
                    "--label",
                    LABEL,
                    "--network=none",
                    "--user=0:0",
                    "--entrypoint=",
                    "--volume=" + volume + ":/volume",
                    image,
                    "sh",
                    "-ec",
                    "chown 0:999 /volume && chmod %s /volume".formatted(mode)));
            return volume;
        });
    }

    private String nameOf(String container) {
        return prefix + "-" + container;
    }

    @Override
    public void close() {
        Set.copyOf(running).forEach(this::remove);
        volumes.values().forEach(volume -> Command.run(List.of("docker", "volume", "rm", "--force", volume), Map.of()));
        Command.run(List.of("rm", "-rf", files.toString()), Map.of());
    }
}
