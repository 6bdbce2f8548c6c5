package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All resources of one folder, as {@code kubectl kustomize} makes them.
 *
 * @param text as it was printed
 * @param resources one for each document
 */
record Manifests(String text, List<Resource> resources) {

    /** The checkout. */
    static final Path ROOT = Path.of(System.getProperty("holdfast.root"));

    /** This module's folder. */
    static final Path HOME = ROOT.resolve("deploy/kubernetes");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Map<Path, String> PRINTED = new ConcurrentHashMap<>();

    /** What the folder makes. Each is asked for once; everybody gets a copy of his own. */
    static Manifests of(Path folder) {
        return parse(PRINTED.computeIfAbsent(folder, Manifests::kustomize));
    }

    /** Reads what was printed. */
    static Manifests parse(String text) {
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            List<Resource> resources = new ArrayList<>();
            values.forEachRemaining(node -> resources.add(new Resource((ObjectNode) node)));
            return new Manifests(text, List.copyOf(resources));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kustomize(Path folder) {
        try {
            Process process = new ProcessBuilder("kubectl", "kustomize", folder.toString()).start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("kubectl kustomize %s: %s".formatted(folder, complaint));
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException("is kubectl there? deploy/local/prepare installs it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Those of a kind. */
    Stream<Resource> ofKind(String kind) {
        return resources.stream().filter(resource -> resource.kind().equals(kind));
    }

    /** The one of this kind and name, where a hash may follow the name. */
    Resource one(String kind, String name) {
        List<Resource> found = ofKind(kind)
                .filter(resource -> resource.name().matches(name + "(-[a-z0-9]{10})?"))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("%d of kind %s are named %s".formatted(found.size(), kind, name));
        }
        return found.getFirst();
    }

    /** Every description of a pod in it. */
    List<PodTemplate> pods() {
        return resources.stream()
                .flatMap(resource -> Stream.of("/spec/template", "/spec/jobTemplate/spec/template")
                        .map(resource.json()::at)
                        .filter(JsonNode::isObject)
                        .map(template -> new PodTemplate(resource, (ObjectNode) template)))
                .toList();
    }

    /** The elements of a list; none where there is no list. */
    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
