package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Rules on what a pod is made of: the Pod Security Standard "restricted" in each of its lines, and what else a pod of ours has. */
final class PodRules {

    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");
    private static final Set<String> SYSCTLS = Set.of("net.ipv4.ip_unprivileged_port_start");

    // whose images write beside themselves when they start
    private static final Set<String> WRITES_ITS_ROOT = Set.of("kafka");

    private PodRules() {}

    /** https://kubernetes.io/docs/concepts/security/pod-security-standards/, profile "restricted", with "baseline" in it. */
    static List<String> restricted(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            JsonNode spec = pod.spec();
            for (String field : List.of("hostNetwork", "hostPID", "hostIPC", "hostUsers")) {
                if (spec.has(field)) {
                    complaints.add("%s: %s must not be set".formatted(pod.owner(), field));
                }
            }
            Manifests.each(spec.path("volumes"))
                    .filter(volume -> volume.properties().stream()
                            .anyMatch(field -> !field.getKey().equals("name") && !VOLUMES.contains(field.getKey())))
                    .forEach(volume -> complaints.add("%s: volume %s is of a forbidden type"
                            .formatted(pod.owner(), volume.path("name").asText())));
            Manifests.each(spec.at("/securityContext/sysctls"))
                    .filter(sysctl -> !SYSCTLS.contains(sysctl.path("name").asText()))
                    .forEach(sysctl -> complaints.add(pod.owner() + ": sysctl " + sysctl));
            if (!spec.at("/securityContext/runAsNonRoot").asBoolean()
                    || spec.at("/securityContext/runAsUser").asInt() == 0) {
                complaints.add(pod.owner() + ": runAsNonRoot and a user that is not root must be said");
            }
            if (!spec.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault")) {
                complaints.add(pod.owner() + ": seccompProfile must be RuntimeDefault");
            }
            pod.containers().forEach(container -> restricted(pod, container, complaints));
        }
        return complaints;
    }

    private static void restricted(PodTemplate pod, JsonNode container, List<String> complaints) {
        JsonNode context = container.path("securityContext");
        if (context.path("privileged").asBoolean()) {
            complaints.add(pod.at(container) + ": privileged");
        }
        if (context.path("allowPrivilegeEscalation").asBoolean(true)) {
            complaints.add(pod.at(container) + ": allowPrivilegeEscalation must be false");
        }
        if (!context.path("runAsNonRoot").asBoolean(true)
                || context.path("runAsUser").asInt(1) == 0) {
            complaints.add(pod.at(container) + ": runs as root");
        }
        if (!context.at("/capabilities/drop").toString().equals("[\"ALL\"]")
                || context.at("/capabilities").has("add")) {
            complaints.add(pod.at(container) + ": all capabilities must be dropped and none added");
        }
        if (context.has("procMount") || context.has("seLinuxOptions") || context.has("appArmorProfile")) {
            complaints.add(pod.at(container) + ": procMount, seLinuxOptions and appArmorProfile must not be set");
        }
        if (!context.at("/seccompProfile/type").asText("RuntimeDefault").equals("RuntimeDefault")) {
            complaints.add(pod.at(container) + ": seccompProfile must be RuntimeDefault");
        }
        Manifests.each(container.path("ports"))
                .filter(port -> port.has("hostPort"))
                .forEach(port -> complaints.add(pod.at(container) + ": hostPort"));
    }

    /** Nothing is written but where a volume says so. */
    static List<String> readOnlyRoot(Manifests manifests) {
        return containers(
                manifests,
                "readOnlyRootFilesystem must be true",
                (pod, container) ->
                        container.at("/securityContext/readOnlyRootFilesystem").asBoolean()
                                || WRITES_ITS_ROOT.contains(
                                        container.path("name").asText()));
    }

    /** An image is named with a version. */
    static List<String> versionedImages(Manifests manifests) {
        return containers(
                manifests,
                "the image must have a tag that is not 'latest', and a pull policy",
                (pod, container) -> container.path("image").asText().matches("[^:]+:(?!latest$)[^:]+")
                        && container.has("imagePullPolicy"));
    }

    /** What a container asks for and what it may take. */
    static List<String> resources(Manifests manifests) {
        return containers(
                manifests,
                "requests and limits of cpu, memory and ephemeral-storage must be said",
                (pod, container) -> List.of("cpu", "memory", "ephemeral-storage").stream()
                        .allMatch(name -> container.at("/resources/requests").has(name)
                                && container.at("/resources/limits").has(name)));
    }

    /** Somebody looks whether it started, lives and can work. */
    static List<String> probes(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            for (JsonNode container : pod.serving()) {
                for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    if (!container.has(probe)) {
                        complaints.add("%s: no %s".formatted(pod.at(container), probe));
                    }
                }
            }
        }
        return complaints;
    }

    /** A token only where the cluster's API is called; no variables about other services. */
    static List<String> noTokens(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            boolean validator = pod.owner().name().equals("holdfast-validator");
            JsonNode token = pod.spec().path("automountServiceAccountToken");
            if (!token.isBoolean() || token.asBoolean() != validator) {
                complaints.add("%s: automountServiceAccountToken must be %s".formatted(pod.owner(), validator));
            }
            if (pod.spec().path("enableServiceLinks").asBoolean(true)) {
                complaints.add(pod.owner() + ": enableServiceLinks must be false");
            }
        }
        return complaints;
    }

    /** How copies are replaced is said, and two copies are not put on one node where there are more. */
    static List<String> replaced(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        Map.of("Deployment", "strategy", "StatefulSet", "updateStrategy")
                .forEach((kind, field) -> manifests
                        .ofKind(kind)
                        .filter(resource ->
                                resource.json().at("/spec/" + field + "/type").isMissingNode())
                        .forEach(resource -> complaints.add(resource + ": no " + field)));
        for (PodTemplate pod : manifests.pods()) {
            if (pod.owner().json().at("/spec/replicas").asInt() > 1
                    && pod.spec().path("topologySpreadConstraints").isEmpty()) {
                complaints.add(pod.owner() + ": no topologySpreadConstraints");
            }
        }
        return complaints;
    }

    /** What prepares comes before what is prepared: a patch by names puts those that it names first. */
    static List<String> order(Manifests manifests) {
        return manifests.pods().stream()
                .filter(pod -> pod.owner().name().equals("mcpgov-db"))
                .filter(pod -> !Manifests.each(pod.spec().path("initContainers"))
                        .map(container -> container.path("name").asText())
                        .toList()
                        .equals(List.of("init-cluster", "postgres", "make-stanza")))
                .map(pod -> pod.owner() + ": init containers in another order than init-cluster, postgres, make-stanza")
                .toList();
    }

    private static List<String> containers(
            Manifests manifests, String otherwise, BiPredicate<PodTemplate, JsonNode> holds) {
        return manifests.pods().stream()
                .flatMap(pod -> pod.containers().stream()
                        .filter(container -> !holds.test(pod, container))
                        .map(container -> pod.at(container) + ": " + otherwise))
                .toList();
    }
}
